package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a thin network of small images, so that each takes a moment. */
final class BenchCommandTest {
  private static final Set<String> FIELDS =
      Set.of(
          "work",
          "device",
          "batch",
          "precision",
          "median_ms",
          "best_ms",
          "p99_ms",
          "images_s",
          "rss_mb",
          "first_step_s",
          "threads");

  @ParameterizedTest
  @CsvSource({
    "train, fp32",
    "train, amp",
    "train, qat",
    "infer, fp32",
    "infer, amp",
    "infer, int8"
  })
  void aStepIsOneJsonObjectWithItsFields(String work, String precision) {
    List<JsonObject> lines = bench(work, "--precision", precision, "--batch", "2");
    assertEquals(1, lines.size());
    JsonObject o = lines.getFirst();
    assertEquals(work, o.get("work").getAsString());
    assertEquals("cpu", o.get("device").getAsString());
    assertEquals(precision, o.get("precision").getAsString());
    assertEquals(2, o.get("batch").getAsInt());
    assertEquals(3, o.get("timed").getAsInt());
    check(o);
  }

  @Test
  void theFlopsOfAStepAreThreeTimesThoseOfAnAnswerButForTheImagesGradient() {
    double infer = flops(bench("infer", "--batch", "2").getFirst());
    double train = flops(bench("train", "--batch", "2").getFirst());
    // The stem of this network: 2 images, 8 channels out, 16x16 positions, 3x7x7 products.
    double stem = 2.0 * 2 * 8 * 16 * 16 * 3 * 7 * 7;
    assertEquals(1, train / (3 * infer - stem), 0.02);
  }

  @Test
  void eagerStepsAreMeasuredToo() {
    check(bench("train", "--batch", "2", "--eager").getFirst());
  }

  @Test
  void everyConvolutionIsMeasuredInEachOfItsPasses() {
    List<JsonObject> lines = bench("conv", "--batch", "2");
    List<JsonObject> convolutions = new ArrayList<>(lines);
    JsonObject step = convolutions.removeLast();
    JsonObject sum = convolutions.removeLast();
    assertEquals("train", step.get("work").getAsString());
    assertEquals("convolutions", sum.get("work").getAsString());
    assertEquals("conv1", convolutions.getFirst().get("layer").getAsString());
    // Of the 20 layers the stem has no gradient of its input.
    assertEquals(20 * 3 - 1, convolutions.stream().mapToInt(o -> o.get("count").getAsInt()).sum());
    for (JsonObject o : convolutions) {
      assertEquals("conv", o.get("work").getAsString());
      assertTrue(!o.get("implementation").getAsString().isBlank(), o.toString());
      check(o);
    }
    check(sum);
    assertTrue(step.keySet().containsAll(FIELDS), step.toString());
    assertTrue(step.get("first_step_s").isJsonNull(), "the convolutions came before");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tran              | 2 | there is no benchmark 'tran'; use train, infer, conv, kernels
          kernels --device cpu | 2 | bench kernels measures the software GPU: use --device sim
          kernels --seconds 0 | 2 | --seconds must be above 0 and at most 3600, not 0.0
          train --classes 1 | 2 | --classes must be between 2 and 100000, not 1
          train --batch 0   | 2 | --batch must be at least 1, not 0
          infer --steps -1  | 2 | --steps must be 0 or more, not -1
          infer --seconds 0 | 2 | --seconds must be above 0 and at most 3600, not 0.0
          infer --model net | 2 | there is no model 'net': use one of resnet18, resnet34, resnet50, resnet101, efficientnet_b0, efficientnet_b1, efficientnet_b2, efficientnet_b3, efficientnet_b4, efficientnet_b5, efficientnet_b6, efficientnet_b7
          train --precision int8 | 2 | --precision int8 belongs to infer: training is fp32 or amp
          infer --precision qat | 2 | --precision qat belongs to train: an answer is fp32, amp or int8
          infer --width x   | 2 | Invalid value for option '--width': 'x' is not a double
          """)
  void wrongOptionsAreOneSentence(String line, int code, String message) {
    StringWriter err = new StringWriter();
    String[] args = ("bench " + line).split(" +");
    assertEquals(code, Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args));
    assertEquals("engine: " + message, err.toString().lines().findFirst().orElse(""));
  }

  private static List<JsonObject> bench(String work, String... more) {
    List<String> args = new ArrayList<>(List.of("bench", work, "--json", "--device", "cpu"));
    args.addAll(List.of("--model", "resnet18", "--width", "0.125", "--image-size", "32"));
    args.addAll(List.of("--steps", "3"));
    args.addAll(List.of(more));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args.toArray(String[]::new));
    assertEquals(0, code, err.toString());
    return out.toString().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
  }

  private static double flops(JsonObject o) {
    return o.get("gflops").getAsDouble() * o.get("median_ms").getAsDouble() * 1e6;
  }

  private static void check(JsonObject o) {
    assertTrue(o.keySet().containsAll(FIELDS), o.toString());
    double best = o.get("best_ms").getAsDouble();
    double median = o.get("median_ms").getAsDouble();
    assertTrue(0 < best && best <= median, o.toString());
    assertTrue(median <= o.get("p99_ms").getAsDouble(), o.toString());
    assertEquals(
        1, o.get("images_s").getAsDouble() * median / (1e3 * o.get("batch").getAsInt()), 0.01);
    assertTrue(o.get("rss_mb").getAsDouble() > 10, o.toString());
    assertTrue(o.get("first_step_s").getAsDouble() > 0, o.toString());
    assertTrue(o.get("gemm_gflops").getAsDouble() > 0, o.toString());
  }
}
