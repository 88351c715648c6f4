package engine.cli;

import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.report.EpochMetrics;
import engine.run.TrainingListener;
import java.util.function.Consumer;

/** Shows one trial of many: a bar while it trains, and nothing that is said of every run. */
final class TrialListener implements TrainingListener {
  private final Terminal terminal;
  private final String name;
  private final boolean silent;
  private final Consumer<String> warn;
  private ProgressBar bar;

  /**
   * @param warn told of warnings, which many trials may have in common
   */
  TrialListener(Terminal terminal, String name, boolean silent, Consumer<String> warn) {
    this.terminal = terminal;
    this.name = name;
    this.silent = silent;
    this.warn = warn;
  }

  @Override
  public void started(String... lines) {}

  @Override
  public void batch(
      int epoch, int epochs, int done, int batches, long images, double loss, double lr) {
    if (silent) {
      return;
    }
    if (bar == null) {
      bar = new ProgressBar(terminal, name + " epoch " + epoch + "/" + epochs, batches, "img");
    }
    bar.update(done, images, "loss %.4f".formatted(loss));
  }

  @Override
  public void validating(int epoch, int done, int of) {}

  @Override
  public void epoch(EpochMetrics metrics, int epochs, boolean best) {
    ended();
  }

  @Override
  public void message(String line) {
    if (line.startsWith("warning: ")) {
      warn.accept(line);
    }
  }

  @Override
  public void ended() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
