package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.recipe.Recipe;
import engine.run.NotFiniteException;
import engine.run.TrainingListener;
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

  /** Steps in a row that are skipped at a loss scale that stays before the run ends. */
  private static final int MOST_SKIPPED = 64;

  /** No network needs a loss scale below this: what still overflows does so without one. */
  private static final double LEAST_SCALE = 1e-6;

  private final Backend backend;
  private final TrainingStep step;
  private final TrainingListener listener;
  private final boolean names;
  private final Recipe recipe;
  private final ZeroWeights zeros;
  private final DivergenceAdvice advice;
  private final List<String> named = new ArrayList<>();
  private double scale;
  private int bad;
  private int skips;

  /**
   * @param classWeights of the loss, or null
   * @param advice what to do where training cannot go on
   * @param names whether to name the first tensor with inf or NaN of every skipped step, for which
   *     the host waits for the device every step
   */
  OverflowWatch(
      Backend backend,
      TrainingStep step,
      Recipe recipe,
      float[] classWeights,
      DivergenceAdvice advice,
      TrainingListener listener,
      boolean names) {
    this.backend = backend;
    this.recipe = recipe;
    this.zeros = new ZeroWeights(recipe, classWeights);
    this.advice = advice;
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
   * @throws NotFiniteException where training cannot go on
   */
  void after(int[] labels, float loss, TrainingStep.Part part, int epoch, int batch, double lr) {
    boolean finite = Float.isFinite(loss);
    String where = "at epoch %d, batch %d".formatted(epoch + 1, batch + 1);
    zeros.check(loss, labels, where);
    String advice = epoch == 0 && batch == 0 ? this.advice.beforeAnyStep() : this.advice.lower(lr);
    if (!step.scales()) {
      if (!finite) {
        throw stop("the loss became " + loss + " " + where, advice);
      }
      if (part.isLast() && step.skipped()) {
        throw stop("a gradient became infinite or NaN " + where, advice);
      }
      return;
    }
    bad = finite ? 0 : bad + 1;
    if (bad >= MOST) {
      throw stop(
          "the loss was infinite or NaN %d times in a row, the last time %s".formatted(bad, where),
          advice);
    }
    if (part.isLast()) {
      skips = step.skipped() ? skips + 1 : 0;
      requireProgress(where, advice);
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

  /** A step that is skipped again and again is not skipped for its loss scale. */
  private void requireProgress(String where, String advice) {
    if (skips == 0 || skips % MOST != 0) {
      return;
    }
    double now = step.scaler().value();
    if (recipe.loss().lossScale().isFixed() && skips >= MOST_SKIPPED) {
      throw stop(
          "%d steps in a row were skipped at a loss scale of %s, the last one %s"
              .formatted(skips, text(now), where),
          "lower " + Setting.LOSS_SCALE + ", or make it dynamic");
    }
    if (now < LEAST_SCALE) {
      throw stop(
          "%d steps in a row were skipped, the last one %s, though the loss scale went down to %.1g"
              .formatted(skips, where, now),
          advice);
    }
  }

  private NotFiniteException stop(String what, String advice) {
    return new NotFiniteException(
        "%s (%s): %s".formatted(what, cause(TrainingStep.Part.WHOLE), advice));
  }

  private static String text(double scale) {
    return scale == Math.rint(scale) && scale < 1e15 ? "%,d".formatted((long) scale) : "" + scale;
  }
}
