package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import java.util.ArrayList;
import java.util.List;

/**
 * What is done about steps with inf or NaN. The device skips them by itself. Without a loss scale
 * nothing will make the next one better, so that the run ends, with the layer's name; with one, the
 * scale goes down, and the run ends only if losses, which no scale touches, stay infinite.
 */
final class OverflowWatch {
  /** Losses in a row that are infinite or NaN under a loss scale before the run ends. */
  private static final int MOST = 16;

  private final Backend backend;
  private final TrainingStep step;
  private final TrainingListener listener;
  private final boolean names;
  private final List<String> named = new ArrayList<>();
  private double scale;
  private int bad;

  /**
   * @param names whether to name the first tensor with inf or NaN of every skipped step, for which
   *     the host waits for the device every step
   */
  OverflowWatch(Backend backend, TrainingStep step, TrainingListener listener, boolean names) {
    this.backend = backend;
    this.step = step;
    this.listener = listener;
    this.names = names;
  }

  /** Before a batch. */
  void before() {
    if (names) {
      scale = step.scaler().value();
    }
  }

  /**
   * After a batch.
   *
   * @param epoch from 0; so is {@code batch}
   * @throws UserError where training cannot go on
   */
  void after(float loss, TrainingStep.Part part, int epoch, int batch, double lr) {
    boolean finite = Float.isFinite(loss);
    if (!step.scales()) {
      if (!finite) {
        throw stop("the loss became " + loss, epoch, batch, lr);
      }
      if (part.isLast() && step.skipped()) {
        throw stop("a gradient became infinite or NaN", epoch, batch, lr);
      }
      return;
    }
    bad = finite ? 0 : bad + 1;
    if (bad >= MOST) {
      throw stop(
          "the loss was infinite or NaN %d times in a row, the last time".formatted(bad),
          epoch,
          batch,
          lr);
    }
    if (names && part.isLast() && step.skipped()) {
      String skipped =
          "epoch %d, batch %d: step skipped at loss scale %s, %s"
              .formatted(epoch + 1, batch + 1, text(scale), cause(part));
      listener.message(skipped);
      named.add(skipped);
    }
  }

  /** What was said of skipped steps since this was last asked. */
  List<String> takeNamed() {
    List<String> out = List.copyOf(named);
    named.clear();
    return out;
  }

  private String cause(TrainingStep.Part part) {
    String found = OverflowFinder.find(backend, step, names ? scale : step.scaler().value());
    if (found != null) {
      return found;
    }
    return part.of() > 1
        ? "the first inf or NaN is in an earlier batch of the step"
        : "no single tensor holds inf or NaN when the batch is computed again";
  }

  private UserError stop(String what, int epoch, int batch, double lr) {
    return new UserError(
        "%s at epoch %d, batch %d (%s): lower --lr (it is %s) or set --clip-norm 1"
            .formatted(what, epoch + 1, batch + 1, cause(TrainingStep.Part.WHOLE), lr));
  }

  private static String text(double scale) {
    return scale == Math.rint(scale) && scale < 1e15 ? "%,d".formatted((long) scale) : "" + scale;
  }
}
