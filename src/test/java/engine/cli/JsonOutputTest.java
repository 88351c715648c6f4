package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.Strictness;
import com.google.gson.internal.Streams;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import engine.TestPictures;
import engine.backend.PlanChecker;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever happens, what commands write for machines is JSON: no NaN, no infinity, and its keys are
 * those of docs/json.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JsonOutputTest {
  private static final String NOTES = "state.json and quantize.json";

  @TempDir static Path shared;
  private Path pictures;
  private Path run;

  @BeforeAll
  void train() throws IOException {
    pictures = TestPictures.folder(shared.resolve("data"), 8, 24, "a", "b", "c");
    run = shared.resolve("run");
    List<JsonElement> events =
        lines(CliRun.of(training("train", "--epochs", 1, "--out", run)).assertSucceeds().out());
    check("train", events);
    check(
        "metrics.jsonl",
        events.stream()
            .map(e -> e.getAsJsonObject().get("metrics"))
            .filter(Objects::nonNull)
            .toList());
  }

  private Object[] training(String command, Object... options) {
    List<Object> line = new ArrayList<>(List.of(command, "--data", pictures, "--json"));
    line.addAll(List.of("--model", "resnet18", "--width", 0.125, "--batch", 4));
    line.addAll(List.of("--image-size", 24, "--threads", 1));
    line.addAll(List.of(options));
    return line.toArray();
  }

  /** Each line as a strict reader takes it, with nothing left over. */
  private static List<JsonElement> lines(String text) throws IOException {
    List<JsonElement> out = new ArrayList<>();
    for (String line : text.lines().toList()) {
      try (JsonReader in = new JsonReader(new StringReader(line))) {
        in.setStrictness(Strictness.STRICT);
        out.add(Streams.parse(in));
        assertEquals(JsonToken.END_DOCUMENT, in.peek(), line);
      }
    }
    assertFalse(out.isEmpty());
    return out;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict --checkpoint RUN DATA --threads 1 --json",
        "predict --checkpoint RUN --checkpoint RUN DATA --threads 1 --format jsonl",
        "eval --checkpoint RUN --checkpoint RUN --threads 1 --json",
        "eval --checkpoint RUN --threads 1 --json",
        "quantize --checkpoint RUN --out RUN/int8 --threads 1 --json",
        "export --checkpoint RUN RUN/a.onnx --threads 1 --json",
        "verify src/test/resources/engine/golden --group formats --json",
        "bench infer --model resnet18 --width 0.125 --image-size 32 --seconds 0.1 --threads 1 --json",
        "inspect tape --model resnet18 --width 0.125 --image-size 32 --threads 1 --json",
        "inspect tape --policy --json",
        "inspect memory --model resnet18 --width 0.125 --image-size 32 --threads 1 --json",
        "inspect roofline --model resnet18 --threads 1 --json",
        "inspect kernel --json",
        "inspect kernel adamw --json",
        "inspect kernel reverse --trace warp:0 --json",
        "data DATA --json",
        "labels RUN --json",
        "doctor --json",
        "version --json",
        "weights list --json",
        "weights inspect RUN/checkpoints/epoch-0001/model.safetensors --json"
      })
  void everyCommandWritesJson(String line) throws IOException {
    String[] words = line.replace("RUN", run.toString()).replace("DATA", "" + pictures).split(" ");
    check(words[0], lines(CliRun.of((Object[]) words).out()));
  }

  private static void check(String section, List<JsonElement> all) throws IOException {
    JsonKeys keys = JsonKeys.of(section);
    all.forEach(keys::check);
  }

  /** A file as one value, or a value a line. */
  private static List<JsonElement> file(Path file) throws IOException {
    String text = Files.readString(file);
    return lines(file.toString().endsWith(".json") ? text.replace("\n", " ") : text);
  }

  @Test
  void everyFileOfARunHasTheKeysOfItsPage() throws IOException {
    Path average = shared.resolve("average");
    Object[] averaged = training("train", "--epochs", 1, "--out", average, "--ema", 0.9);
    CliRun.of(averaged).assertSucceeds();
    for (Path of : List.of(run, average)) {
      check("metrics.jsonl", file(of.resolve("metrics.jsonl")));
      check("config.json", file(of.resolve("config.json")));
      check("report.json", file(of.resolve("report.json")));
      check(NOTES, file(of.resolve("checkpoints/epoch-0001/state.json")));
    }
    Path int8 = shared.resolve("int8");
    CliRun.of("quantize", "--checkpoint", run, "--out", int8, "--threads", 1).assertSucceeds();
    check(NOTES, file(int8.resolve("quantize.json")));
    check(
        "config.json",
        List.of(file(int8.resolve("quantize.json")).getFirst().getAsJsonObject().get("recipe")));
  }

  @Test
  void filesOfAnswersHaveTheKeysOfTheirPage() throws IOException {
    Path broken = Files.writeString(shared.resolve("broken.png"), "no picture");
    for (String name : List.of("answers.jsonl", "answers.csv")) {
      Path out = shared.resolve(name);
      CliRun.of("predict", "--checkpoint", run, pictures, broken, "--out", out, "--top", 2);
      if (name.endsWith("csv")) {
        String head = Files.readString(out).lines().findFirst().orElse("");
        assertEquals("file,class_1,probability_1,class_2,probability_2,error", head);
      } else {
        check("predict", file(out));
      }
      String origin = Files.readString(shared.resolve("." + name + ".engine"));
      for (String key :
          lines(origin.lines().findFirst().orElse("")).getFirst().getAsJsonObject().keySet()) {
        assertTrue(Files.readString(Path.of("docs/json.md")).contains("`" + key + "`"), key);
      }
    }
  }

  @Test
  void thePlansOfAGpuHaveTheKeysOfTheirPage() throws IOException {
    var finding =
        new PlanChecker.Finding("conv1", "conv", null, "fp16", 3, 1L << 20, "no", "cuBLAS");
    check("doctor", List.of(PlanReport.json("h100", finding)));
  }

  @Test
  void aClassWithoutPicturesHasNoAreaUnderItsCurve() throws IOException {
    Path two = Files.createDirectories(shared.resolve("two"));
    Files.createSymbolicLink(two.resolve("a"), pictures.resolve("a"));
    Files.createSymbolicLink(two.resolve("b"), pictures.resolve("b"));
    Path report = shared.resolve("two.html");
    CliRun r =
        CliRun.of(
            "eval",
            "--checkpoint",
            run,
            "--data",
            two,
            "--json",
            "--threads",
            1,
            "--report",
            report);
    check("eval", lines(r.out()));
    JsonObject o = lines(r.out()).getFirst().getAsJsonObject();
    assertTrue(o.get("roc_auc_ovr_macro").isJsonNull(), o::toString);
    String page = Files.readString(shared.resolve("two.json")).replace("\n", " ");
    JsonObject figures = lines(page).getFirst().getAsJsonObject().getAsJsonObject("figures");
    assertTrue(figures.get("roc_auc_ovr_macro").isJsonNull(), figures::toString);
  }

  @Test
  void aRateThatBreaksTheNetworkIsStillDescribedInJson() throws IOException {
    Path diverged = shared.resolve("diverged");
    CliRun r =
        CliRun.of(
            training("train", "--epochs", 2, "--lr", 999, "--out", diverged, "--optimizer", "sgd"));
    lines(r.out());
    if (Files.exists(diverged.resolve("metrics.jsonl"))) {
      String metrics = Files.readString(diverged.resolve("metrics.jsonl"));
      assertFalse(metrics.contains("NaN"), metrics);
    }
    Path plot = shared.resolve("lr.html");
    CliRun found =
        CliRun.of(training("find-lr", "--from", 1, "--to", 1000, "--steps", 12, "--plot", plot));
    assertFalse(found.err().contains("inside the engine"), found.err());
    if (!found.out().isEmpty()) {
      check("find-lr", lines(found.out()));
    }
  }
}
