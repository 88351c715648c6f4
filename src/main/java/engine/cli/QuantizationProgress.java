package engine.cli;

import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.convert.Quantization;
import engine.run.TrainingListener;

/** What {@code engine quantize} shows while it works: one bar after another. */
final class QuantizationProgress implements Quantization.Listener, AutoCloseable {
  private final Terminal terminal;
  private final boolean debug;
  private ProgressBar bar;
  private volatile TrainingListener training;

  QuantizationProgress(Terminal terminal, boolean debug) {
    this.terminal = terminal;
    this.debug = debug;
  }

  @Override
  public void phase(String what, long total) {
    close();
    bar = new ProgressBar(terminal, what, total, "img");
  }

  @Override
  public TrainingListener training(String what) {
    close();
    terminal.out().println("training " + what);
    training = new ConsoleListener(terminal, debug);
    return training;
  }

  /** Ctrl-C, seen on another thread. */
  void stopping() {
    TrainingListener t = training;
    if (t != null) {
      t.message("stopping after this step, to save it");
    }
  }

  @Override
  public void progress(long done) {
    bar.update(done, done);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
