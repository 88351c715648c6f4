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
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever happens, what commands write for machines is JSON: no NaN, no infinity. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class JsonOutputTest {
  @TempDir static Path shared;
  private Path pictures;
  private Path run;

  @BeforeAll
  void train() throws IOException {
    pictures = TestPictures.folder(shared.resolve("data"), 8, 24, "a", "b", "c");
    run = shared.resolve("run");
    lines(CliRun.of(training("train", "--epochs", 1, "--out", run)).assertSucceeds().out());
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
        "doctor --json",
        "weights list --json",
        "weights inspect RUN/checkpoints/epoch-0001/model.safetensors --json"
      })
  void everyCommandWritesJson(String line) throws IOException {
    String[] words = line.replace("RUN", run.toString()).replace("DATA", "" + pictures).split(" ");
    lines(CliRun.of((Object[]) words).out());
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
    Path plot = shared.resolve("lr.svg");
    CliRun found =
        CliRun.of(training("find-lr", "--from", 1, "--to", 1000, "--steps", 12, "--plot", plot));
    assertFalse(found.err().contains("inside the engine"), found.err());
    for (String line : found.out().lines().toList()) {
      lines(line);
    }
  }
}
