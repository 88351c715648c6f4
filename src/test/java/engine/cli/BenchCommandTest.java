package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.console.Json;
import engine.model.Models;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void everyKernelOfAStepIsMeasuredOnTheSoftwareGpu() {
    List<JsonObject> lines =
        json(
            "launches",
            "--json",
            "--device=sim",
            "--model=resnet18",
            "--width=0.125",
            "--image-size=32",
            "--batch=2",
            "--steps=1");
    double before = Double.POSITIVE_INFINITY;
    for (JsonObject o : lines) {
      assertEquals("kernel", o.get("work").getAsString());
      assertTrue(o.get("simulated").getAsBoolean());
      assertTrue(o.get("launches").getAsInt() > 0, o.toString());
      assertTrue(o.get("ms").getAsDouble() <= before, "the longest first");
      before = o.get("ms").getAsDouble();
    }
    JsonObject adamw = kernel(lines, "adamw");
    // Weights, gradients and both moments of this network, fp32.
    long parameters = 177_362;
    assertEquals(4 * 4 * parameters, adamw.get("least_bytes").getAsDouble(), 2048);
    JsonObject convolutions = kernel(lines, "cudnn conv");
    assertEquals(20, convolutions.get("launches").getAsInt());
    assertEquals(Json.tree(List.of("conv2d")), convolutions.get("ops"));
    assertEquals(0, adamw.getAsJsonArray("ops").size(), "the optimiser is no op");
    // Each filter is read once, and images are not much more at this size.
    double bytes = convolutions.get("least_bytes").getAsDouble();
    assertTrue(bytes > 4 * parameters && bytes < 8 * parameters, "bytes " + bytes);
  }

  private static JsonObject kernel(List<JsonObject> lines, String name) {
    return lines.stream()
        .filter(o -> o.get("kernel").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theLoaderIsMeasuredByWorkers(@TempDir Path folder) throws IOException {
    for (String c : List.of("a", "b")) {
      Path of = Files.createDirectories(folder.resolve(c));
      for (int i = 0; i < 8; i++) {
        var image = new BufferedImage(40, 30, BufferedImage.TYPE_INT_RGB);
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    List<JsonObject> lines =
        json(
            "data", "--json", "--data", folder, "--batch", 4, "--seconds", 0.2, "--workers", "0,2");
    assertEquals(List.of(0, 2), lines.stream().map(o -> o.get("workers").getAsInt()).toList());
    for (JsonObject o : lines) {
      double rate = o.get("pictures").getAsDouble() / o.get("seconds").getAsDouble();
      assertTrue(o.get("pictures").getAsLong() > 0, o.toString());
      assertEquals(1, o.get("images_s").getAsDouble() / rate, 1e-6);
    }
  }

  @Test
  void aBatchTooLargeForTheMemoryIsToldWhichOneFits() {
    System.setProperty("engine.memory.limit", "400");
    try {
      String[] step = {"--model=resnet18", "--width=0.125", "--image-size=48", "--device=cpu"};
      for (String work : List.of("train", "infer")) {
        String said = failure(work, "--batch=6000", step);
        Matcher m =
            Pattern.compile(
                    "engine: a batch of 6,000 pictures of 48x48 needs about [0-9,]+ MiB of memory"
                        + " and 400 MiB may be used: --batch ([0-9]+) would fit")
                .matcher(said);
        assertTrue(m.matches(), said);
        int fits = Integer.parseInt(m.group(1));
        assertTrue(fits > 16, said);
        CliRun.of(with(step, "bench", work, "--steps=3", "--batch=" + fits)).assertSucceeds();
        // No promise is made of the largest, but it is not far off.
        failure(work, "--batch=" + 2 * fits, step);
      }
    } finally {
      System.clearProperty("engine.memory.limit");
    }
  }

  private static String failure(String work, String batch, String... step) {
    CliRun run = CliRun.of(with(step, "bench", work, "--steps=3", batch));
    assertEquals(1, run.code(), run::toString);
    return run.err().strip();
  }

  private static Object[] with(String[] last, Object... first) {
    return Stream.concat(Stream.of(first), Stream.of(last)).toArray();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          tran              | 2 | there is no benchmark 'tran': use train, infer, conv, launches, data, kernels; did you mean train?
          train --autotune --device cpu | 1 | there is nothing to tune on cpu: leave out --autotune, or use --device cuda
          launches --device cpu | 1 | cpu launches no kernels: use --device cuda, or sim for a rehearsal
          kernels --device cpu | 2 | bench kernels measures the software GPU: use --device sim
          kernels --seconds 0 | 2 | --seconds must be above 0 and at most 3600, not 0.0
          train --classes 1 | 2 | --classes must be between 2 and 100000, not 1
          train --batch 0   | 2 | --batch must be at least 1, not 0
          infer --steps -1  | 2 | --steps must be 0 or more, not -1
          infer --seconds 0 | 2 | --seconds must be above 0 and at most 3600, not 0.0
          infer --model net | 2 | there is no model 'net': use one of MODELS
          train --precision int8 | 2 | --precision int8 belongs to infer: training is fp32 or amp
          infer --precision qat | 2 | --precision qat belongs to train: an answer is fp32, amp or int8
          data --workers 1,-1 --data fashion-mnist | 2 | --workers must be between 0 and 1024, not -1
          infer --width x   | 2 | --width must be a number, not 'x'
          """)
  void wrongOptionsAreOneSentence(String line, int code, String message) {
    StringWriter err = new StringWriter();
    String[] args = ("bench " + line).split(" +");
    assertEquals(code, Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err), args));
    String want = message.replace("MODELS", String.join(", ", Models.names()));
    assertEquals("engine: " + want, err.toString().lines().findFirst().orElse(""));
  }

  private static List<JsonObject> bench(String work, String... more) {
    List<String> args = new ArrayList<>(List.of("bench", work, "--json", "--device", "cpu"));
    args.addAll(List.of("--model", "resnet18", "--width", "0.125", "--image-size", "32"));
    args.addAll(List.of("--steps", "3"));
    args.addAll(List.of(more));
    return jsonOf(args);
  }

  private static List<JsonObject> json(Object... args) {
    return jsonOf(Stream.concat(Stream.of("bench"), Stream.of(args)).toList());
  }

  private static List<JsonObject> jsonOf(List<?> args) {
    CliRun run = CliRun.of(args.toArray());
    assertEquals(0, run.code(), run.err());
    return run.out().lines().map(l -> JsonParser.parseString(l).getAsJsonObject()).toList();
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
