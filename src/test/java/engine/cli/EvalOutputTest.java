package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonParser;
import engine.console.Terminal;
import engine.eval.Evaluation;
import engine.eval.VoteEvaluator;
import engine.infer.LatencyProbe;
import engine.metrics.ClassificationMetrics;
import engine.metrics.MetricsAccumulator;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EvalOutputTest {
  private static final LatencyProbe.Result LATENCY = new LatencyProbe.Result(1, 2, 3);

  /** Class 5 is always taken for class 6, and all others are known. */
  private static VoteEvaluator.Result result(int classes) {
    MetricsAccumulator all = new MetricsAccumulator(classes);
    float[] row = new float[classes];
    for (int c = 0; c < classes; c++) {
      int said = c == 5 ? 6 : c;
      row[said] = 1;
      all.add(row, new int[] {c});
      row[said] = 0;
    }
    ClassificationMetrics m = all.result();
    return VoteEvaluator.Result.of(new Evaluation(m, List.of(), 1, 1), List.of());
  }

  private static List<String> names(int classes) {
    return IntStream.range(0, classes).mapToObj(c -> "class" + c).toList();
  }

  private static String printed(int classes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    List<String> names = names(classes);
    Terminal t = Terminal.plain(new PrintStream(out, true, StandardCharsets.UTF_8));
    EvalOutput.print(t, result(classes), LATENCY, names, List.of("run"));
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void ofManyClassesTheWorstAreShown() {
    String all = printed(100);
    assertTrue(all.contains("\nclass99 "), all);
    String worst = printed(3000);
    assertTrue(worst.lines().count() < 60, worst);
    assertTrue(worst.contains("the 40 of 3,000 classes with the lowest F1"), worst);
    assertTrue(worst.indexOf("\nclass5 ") < worst.indexOf("\nclass0 "), worst);
    assertTrue(worst.contains("class5 taken for class6"), worst);
    assertFalse(worst.contains("class2999"), worst);
  }

  @Test
  void jsonOfThreeThousandClassesIsSmall() {
    String json = EvalOutput.json(result(3000), LATENCY, names(3000), List.of("run"));
    assertTrue(json.length() < 1e6, json.length() + " characters");
    assertEquals(
        3000, JsonParser.parseString(json).getAsJsonObject().getAsJsonArray("per_class").size());
  }
}
