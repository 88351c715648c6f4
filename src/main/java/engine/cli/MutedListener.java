package engine.cli;

import engine.report.EpochMetrics;
import engine.run.TrainingListener;

/**
 * Shows a run until nobody can see it any more, and lets the run go on to the place where it can be
 * saved: what it prints is the story of the work, not the work.
 */
final class MutedListener implements TrainingListener {
  private final TrainingListener shown;
  private volatile LostOutputException lost;
  private volatile int epoch;

  MutedListener(TrainingListener shown) {
    this.shown = shown;
  }

  /** Why nothing more is shown, or null. */
  LostOutputException lost() {
    return lost;
  }

  /** The epoch that ended last, counted from 1; 0 before the first. */
  int epoch() {
    return epoch;
  }

  private void show(Runnable line) {
    if (lost != null) {
      return;
    }
    try {
      line.run();
    } catch (LostOutputException e) {
      lost = e;
    }
  }

  @Override
  public void started(String... lines) {
    show(() -> shown.started(lines));
  }

  @Override
  public void batch(
      int epoch, int epochs, int done, int batches, long images, double loss, double lr) {
    show(() -> shown.batch(epoch, epochs, done, batches, images, loss, lr));
  }

  @Override
  public void validating(int epoch, int done, int of) {
    show(() -> shown.validating(epoch, done, of));
  }

  @Override
  public void epoch(EpochMetrics metrics, int epochs, boolean best) {
    epoch = metrics.epoch();
    show(() -> shown.epoch(metrics, epochs, best));
  }

  @Override
  public void message(String line) {
    show(() -> shown.message(line));
  }

  @Override
  public void debug(String line) {
    show(() -> shown.debug(line));
  }

  @Override
  public void ended() {
    show(shown::ended);
  }
}
