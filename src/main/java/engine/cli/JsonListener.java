package engine.cli;

import engine.console.Json;
import engine.report.EpochMetrics;
import engine.run.TrainingListener;
import java.io.PrintWriter;
import java.util.Map;

/** Shows a run to a machine: one JSON object a line. */
final class JsonListener implements TrainingListener {
  private final PrintWriter out;

  JsonListener(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void started(String... lines) {
    print(Map.of("event", "started", "lines", lines));
  }

  @Override
  public void batch(
      int epoch, int epochs, int done, int batches, long images, double loss, double lr) {
    // a line an epoch is enough for machines
  }

  @Override
  public void validating(int epoch, int done, int of) {
    // likewise
  }

  @Override
  public void epoch(EpochMetrics m, int epochs, boolean best) {
    print(Map.of("event", "epoch", "epochs", epochs, "best", best, "metrics", m));
  }

  @Override
  public void message(String line) {
    print(Map.of("event", "message", "text", line));
  }

  private void print(Map<String, Object> object) {
    out.println(Json.line(object));
    out.flush();
  }
}
