package engine.bench;

import engine.autograd.TapeObserver;
import engine.backend.Backend;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;

/**
 * A training step on random pictures to look at. It has run once, which also brings weights into
 * the layout of their kernels.
 */
public final class ObservedStep implements AutoCloseable {
  private final TrainWork work;

  public ObservedStep(Backend backend, Recipe recipe, ModelInfo info, ExecutionMode execution) {
    work = new TrainWork(backend, recipe, info, execution, false);
    work.run();
  }

  /** Computes it again, op by op, and changes nothing. */
  public void observe(TapeObserver observer) {
    work.step().observe(observer, 1);
  }

  @Override
  public void close() {
    work.close();
  }
}
