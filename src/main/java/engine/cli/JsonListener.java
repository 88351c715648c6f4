package engine.cli;

import engine.console.Json;
import engine.report.EpochMetrics;
import engine.run.MetricsLog;
import engine.run.TrainingListener;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/** Shows a run to a machine: one JSON object a line. */
final class JsonListener implements TrainingListener {
  private final PrintWriter out;

  JsonListener(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void started(String... lines) {
    print(event("started", "format", Json.FORMAT, "lines", lines));
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
    print(event("epoch", "epochs", epochs, "best", best, "metrics", MetricsLog.toJson(m)));
  }

  @Override
  public void message(String line) {
    print(event("message", "text", line));
  }

  /** An object that begins with the event's name, with the values after their keys. */
  private static Map<String, Object> event(String name, Object... more) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("event", name);
    for (int i = 0; i < more.length; i += 2) {
      out.put((String) more[i], more[i + 1]);
    }
    return out;
  }

  private void print(Map<String, Object> object) {
    out.println(Json.line(object));
    out.flush();
  }
}
