package engine.cli;

import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.console.Units;
import engine.report.EpochMetrics;
import engine.run.TrainingListener;

/** Shows a run on the terminal: a bar while an epoch goes on, a line when it is done. */
final class ConsoleListener implements TrainingListener {
  private final Terminal terminal;
  private final boolean debug;
  private ProgressBar bar;
  private boolean validating;

  /**
   * @param debug show details too
   */
  ConsoleListener(Terminal terminal, boolean debug) {
    this.terminal = terminal;
    this.debug = debug;
  }

  @Override
  public void started(String... lines) {
    for (String l : lines) {
      terminal.out().println(l);
    }
  }

  @Override
  public void batch(
      int epoch, int epochs, int done, int batches, long images, double loss, double lr) {
    if (bar == null) {
      bar = new ProgressBar(terminal, "epoch " + epoch + "/" + epochs, batches, "img");
      validating = false;
    }
    bar.setTotal(batches);
    bar.update(done, images, "loss %.4f".formatted(loss), "lr " + Units.learningRate(lr));
  }

  @Override
  public void validating(int epoch, int done, int of) {
    if (!validating || bar == null) {
      close();
      bar = new ProgressBar(terminal, "validating", of, "img");
      validating = true;
    }
    bar.update(done, done);
  }

  @Override
  public void epoch(EpochMetrics m, int epochs, boolean best) {
    String line =
        "epoch %d/%d  train loss %.4f  val loss %.4f  val accuracy %s%s  macro-F1 %.4f  lr %s  %s img/s  %s%s"
            .formatted(
                m.epoch(),
                epochs,
                m.trainLoss(),
                m.valLoss(),
                Units.percent(m.valAccuracy()),
                raw(m),
                m.extra().get("val_f1_macro"),
                Units.learningRate(m.lr()),
                Units.rate(m.imagesPerSecond()),
                Units.duration(m.seconds()),
                best ? "  best" : "");
    if (bar == null) {
      terminal.out().println(line);
    } else {
      bar.finish(line);
      bar = null;
    }
  }

  /** What the weights themselves reach where their average answers. */
  private static String raw(EpochMetrics m) {
    Double accuracy = m.extra().get("val_accuracy_raw");
    return accuracy == null ? "" : " (weights themselves " + Units.percent(accuracy) + ")";
  }

  @Override
  public void message(String line) {
    if (bar == null) {
      terminal.out().println(line);
    } else {
      bar.println(line);
    }
  }

  @Override
  public void debug(String line) {
    if (debug) {
      message(line);
    }
  }

  @Override
  public void ended() {
    close();
  }

  private void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
