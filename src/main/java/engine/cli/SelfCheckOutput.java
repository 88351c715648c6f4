package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.verify.self.Finding;
import engine.verify.self.Finding.Verdict;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** The lines of {@code engine verify --self}: one a check, and a summary. */
final class SelfCheckOutput {
  private static final int WIDTH = 58;

  private final PrintWriter out;
  private final boolean json;
  private final Map<Verdict, Integer> counts = new EnumMap<>(Verdict.class);
  private final long start = System.nanoTime();

  SelfCheckOutput(PrintWriter out, boolean json) {
    this.out = out;
    this.json = json;
  }

  void begins(Backend device) {
    if (!json) {
      out.println("self-check of " + device.name() + ": " + device.describe());
      out.flush();
    }
  }

  void found(Finding f) {
    counts.merge(f.verdict(), 1, Integer::sum);
    if (json) {
      JsonObject o = new JsonObject();
      o.addProperty("check", f.name());
      o.addProperty("outcome", f.verdict().name().toLowerCase(Locale.ROOT));
      o.addProperty("message", f.detail());
      o.addProperty("seconds", rounded(f.seconds()));
      out.println(o);
    } else {
      String word =
          switch (f.verdict()) {
            case PASSED -> "ok";
            case FAILED -> "FAIL";
            case ABSENT -> "-";
          };
      out.println(("%-" + WIDTH + "s  %-4s  %s").formatted(f.name(), word, f.detail()));
    }
    out.flush();
  }

  /** Prints it; whether nothing failed. */
  boolean summary() {
    int passed = counts.getOrDefault(Verdict.PASSED, 0);
    int failed = counts.getOrDefault(Verdict.FAILED, 0);
    int absent = counts.getOrDefault(Verdict.ABSENT, 0);
    double seconds = (System.nanoTime() - start) / 1e9;
    if (json) {
      JsonObject o = new JsonObject();
      o.addProperty("passed", passed);
      o.addProperty("failed", failed);
      o.addProperty("absent", absent);
      o.addProperty("seconds", rounded(seconds));
      out.println(o);
    } else {
      out.println(
          "%d passed, %d failed, %d not on this device, %.1f s"
              .formatted(passed, failed, absent, seconds));
    }
    out.flush();
    return failed == 0;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 1000) / 1000.0;
  }
}
