package engine.bench;

import engine.backend.Backend;
import engine.model.Network;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.LoadedModel;
import engine.train.ModelInfo;
import engine.train.Recipe;

/** The answer that {@code engine predict} gives, from normalised images to logits in memory. */
final class InferWork implements Work {
  private final LoadedModel model;
  private final Tensor images;

  InferWork(Backend backend, Recipe recipe, ModelInfo info) {
    model = LoadedModel.untrained(backend, info, recipe.precision().equals("amp"), recipe.seed());
    int side = recipe.imageSize();
    Shape shape = Shape.of(recipe.batch(), info.model().inChannels(), side, side);
    images = RandomData.tensor(backend, DType.F32, shape, recipe.seed());
  }

  @Override
  public void run() {
    model.logits(images.retain());
  }

  @Override
  public Network model() {
    return model.model();
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public void close() {
    images.close();
    model.close();
  }
}
