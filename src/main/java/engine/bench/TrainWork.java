package engine.bench;

import engine.backend.Backend;
import engine.data.loader.Batch;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.quant.QuantizerSet;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.train.MemoryNeed;
import engine.train.OptimizerFactory;
import engine.train.TrainingStep;
import java.lang.foreign.Arena;
import java.util.SplittableRandom;

/**
 * The step that {@code engine train} makes, from pixels to updated weights, on one random batch.
 */
final class TrainWork implements Workload {
  private final Arena arena = Arena.ofShared();
  private final Network model;
  private final QuantizerSet quantizers;
  private final Optimizer optimizer;
  private final TrainingStep step;
  private final Batch batch;
  private long steps;

  /**
   * @param qat round every layer as an int8 network will
   */
  TrainWork(Backend backend, Recipe recipe, ModelInfo info, ExecutionMode execution, boolean qat) {
    MemoryNeed.requireTraining(backend, recipe, info, recipe.schedule().batch());
    model = info.model().create(backend, new SplittableRandom(recipe.compute().seed()));
    quantizers = qat ? new QuantizerSet(backend, QuantizerSet.Config.TRAINING) : null;
    model.roundWith(quantizers);
    optimizer = OptimizerFactory.of(backend, recipe, model);
    step =
        new TrainingStep(
            backend, model, optimizer, recipe, info.preprocessing().normalization(), execution);
    batch =
        RandomData.batch(
            arena,
            recipe.schedule().batch(),
            recipe.augment().imageSize(),
            info.model().inChannels(),
            info.model().classes(),
            recipe.compute().seed());
  }

  @Override
  public void run() {
    step.runAhead(batch, steps++);
  }

  TrainingStep step() {
    return step;
  }

  @Override
  public Network model() {
    return model;
  }

  @Override
  public int passes() {
    return 3;
  }

  @Override
  public void close() {
    batch.close();
    step.close();
    optimizer.close();
    model.close();
    if (quantizers != null) {
      quantizers.close();
    }
    arena.close();
  }
}
