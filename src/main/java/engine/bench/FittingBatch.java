package engine.bench;

import engine.backend.Backend;
import engine.backend.OutOfDeviceMemoryException;
import engine.base.Setting;
import engine.base.UserError;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * Says which batch would fit where one did not. What a step holds is linear in its batch, so steps
 * of small batches are run and measured, each on a device of its own; a larger one then shows how
 * much scratch and gaps come on top.
 */
public final class FittingBatch {
  private static final int ONE = 2;
  private static final int OTHER = 6;

  /** The largest trial takes about this share of the memory: enough to be like the real one. */
  private static final double TRIAL = 1.0 / 8;

  private FittingBatch() {}

  /** Bytes that tensors of a step hold at most, and that the device took for it. */
  private record Peak(double live, double committed) {}

  /** Bytes that a step needs, by its batch. */
  private record Need(double fixed, double perImage) {
    static Need through(Peak one, Peak other) {
      double slope = Math.max(1, (other.live() - one.live()) / (OTHER - ONE));
      return new Need(one.live() - ONE * slope, slope);
    }

    double at(int batch) {
      return fixed + perImage * batch;
    }

    int batchOf(double bytes) {
      return (int) Math.clamp((bytes - fixed) / perImage, 0, 1 << 30);
    }

    Need times(double factor) {
      return new Need(factor * fixed, factor * perImage);
    }
  }

  /**
   * The sentence for a training step that did not fit.
   *
   * @param device opens the device once more; the one that failed is closed
   * @param qat as {@link StepBench#train} takes it
   */
  public static UserError explainTraining(
      OutOfDeviceMemoryException e,
      Supplier<Backend> device,
      Recipe recipe,
      ModelInfo info,
      ExecutionMode execution,
      boolean qat) {
    return explain(e, device, recipe, (b, r) -> new TrainWork(b, r, info, execution, qat));
  }

  /** The sentence for an answer that did not fit. */
  public static UserError explainInference(
      OutOfDeviceMemoryException e, Supplier<Backend> device, Recipe recipe, ModelInfo info) {
    return explain(e, device, recipe, (b, r) -> new InferWork(b, r, info));
  }

  private static UserError explain(
      OutOfDeviceMemoryException e,
      Supplier<Backend> device,
      Recipe recipe,
      BiFunction<Backend, Recipe, Workload> work) {
    Need need;
    try {
      Need live = Need.through(peak(device, recipe, ONE, work), peak(device, recipe, OTHER, work));
      int most = Math.max(OTHER, recipe.schedule().batch() / 2);
      int trial = Math.clamp(live.batchOf(e.usableBytes() * TRIAL), OTHER, most);
      Peak p = peak(device, recipe, trial, work);
      need = live.times(p.committed() / live.at(trial));
    } catch (OutOfDeviceMemoryException small) {
      return new UserError(
          ("not even %d pictures of %dx%d fit into the %,d MiB that may be used: use a smaller "
                  + Setting.IMAGE_SIZE
                  + ", "
                  + Setting.WIDTH
                  + " or "
                  + Setting.MODEL)
              .formatted(
                  OTHER,
                  recipe.augment().imageSize(),
                  recipe.augment().imageSize(),
                  mebibytes(e.usableBytes())),
          e);
    }
    int fits = round(need.batchOf(e.usableBytes()));
    if (fits < 1 || fits >= recipe.schedule().batch()) {
      return e; // what ran out was not the step's own
    }
    return new UserError(
        ("a batch of %,d pictures of %dx%d needs about %,d MiB of memory and %,d MiB may be used: "
                + Setting.BATCH
                + " %d would fit")
            .formatted(
                recipe.schedule().batch(),
                recipe.augment().imageSize(),
                recipe.augment().imageSize(),
                mebibytes(need.at(recipe.schedule().batch())),
                mebibytes(e.usableBytes()),
                fits),
        e);
  }

  private static Peak peak(
      Supplier<Backend> device,
      Recipe recipe,
      int batch,
      BiFunction<Backend, Recipe, Workload> work) {
    try (Backend backend = device.get();
        Workload w = work.apply(backend, recipe.with(recipe.schedule().withBatch(batch)))) {
      w.run(); // op by op
      w.run(); // recorded
      return new Peak(backend.memory().peakBytes(), backend.memory().committedBytes());
    }
  }

  /** Down to a multiple of 8 where that loses little. */
  private static int round(int batch) {
    return batch >= 32 ? batch / 8 * 8 : batch;
  }

  private static long mebibytes(double bytes) {
    return (long) bytes >> 20;
  }
}
