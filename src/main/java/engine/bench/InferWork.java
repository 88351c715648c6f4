package engine.bench;

import engine.backend.Backend;
import engine.infer.FloatModel;
import engine.infer.InferenceStep;
import engine.model.Network;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.MemoryNeed;

/** The answer that {@code engine predict} gives, from normalised images to logits in memory. */
final class InferWork implements Workload {
  private final FloatModel model;
  private final InferenceStep step;

  InferWork(Backend backend, Recipe recipe, ModelInfo info) {
    MemoryNeed.requireInference(backend, recipe, info);
    Precision precision = Precision.of(recipe.compute().precision(), backend, _ -> {});
    model = FloatModel.untrained(backend, info, precision, recipe.compute().seed());
    int side = recipe.augment().imageSize();
    Shape shape = Shape.of(recipe.schedule().batch(), info.model().inChannels(), side, side);
    step = model.step(shape);
    try (Tensor images = RandomData.tensor(backend, DType.F32, shape, recipe.compute().seed())) {
      backend.memory().copyInPlace(images, step.images());
    }
  }

  @Override
  public void run() {
    step.run();
  }

  @Override
  public Network model() {
    return model.network();
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public void close() {
    model.close();
  }
}
