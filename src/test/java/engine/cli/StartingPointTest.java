package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A run that starts from weights is of their network and sees pictures as they do. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StartingPointTest {
  private static final Path TWO_SETS = Path.of("src/test/resources/engine/weights/two_sets.pth");

  @TempDir static Path folder;
  private Path data;
  private Path first;

  @BeforeAll
  void train() throws IOException {
    data = TestPictures.folder(folder.resolve("data"), 5, 20, "a", "b", "c", "d");
    first = folder.resolve("first");
    train(first, "--model", "resnet18", "--width", 0.0625, "--stem", "small", "--image-size", 16)
        .assertSucceeds();
  }

  private CliRun train(Path out, Object... options) {
    List<Object> line = new ArrayList<>(List.of("train", "--data", data, "--out", out));
    line.addAll(List.of("--epochs", 1, "--batch", 8, "--workers", 0, "--threads", 1, "--json"));
    line.addAll(List.of(options));
    return CliRun.of(line.toArray());
  }

  private static JsonObject config(Path run) throws IOException {
    return JsonParser.parseString(Files.readString(run.resolve("config.json"))).getAsJsonObject();
  }

  @Test
  void networkAndSizeAreThoseOfTheRunItStartsFrom() throws IOException {
    Path second = folder.resolve("second");
    CliRun run = train(second, "--weights", first).assertSucceeds();
    assertTrue(run.out().contains("resnet18, width 0.0625, small stem, 16x16 pixels"), run.out());
    JsonObject config = config(second);
    assertEquals("resnet18", config.get("model").getAsString());
    assertEquals(0.0625, config.get("width").getAsDouble());
    assertEquals("small", config.get("stem").getAsString());
    assertEquals(16, config.get("image_size").getAsInt());
    assertFalse(config.has("preprocessing"), "as the data has it anyway");
  }

  @Test
  void whatIsTypedWinsAndTheDifferenceIsSaid() throws IOException {
    Path out = folder.resolve("typed");
    CliRun run = train(out, "--weights", first, "--image-size", 24).assertSucceeds();
    assertTrue(run.out().contains("--image-size 24 is taken, and"), run.out());
    assertEquals(24, config(out).get("image_size").getAsInt());
    train(folder.resolve("wide"), "--weights", first, "--width", 0.125)
        .assertFails("do not fit: conv1.weight is");
  }

  @Test
  void aFileOfAnotherProgramSaysItByItsShapesAndOptions() throws IOException {
    Path out = folder.resolve("foreign");
    CliRun run = train(out, "--weights", TWO_SETS + "#model").assertSucceeds();
    assertTrue(run.out().contains("of its sets of weights model is taken"), run.out());
    JsonObject config = config(out);
    assertEquals("resnet18", config.get("model").getAsString());
    assertEquals(1 / 64.0, config.get("width").getAsDouble());
    assertEquals(32, config.get("image_size").getAsInt());
    assertEquals("crop_pct=0.8", config.get("preprocessing").getAsString());
    Path again = folder.resolve("again");
    CliRun repeated = train(again, "--config", out.resolve("config.json"), "--seed", 0);
    assertEquals(0, repeated.code(), repeated::toString);
    assertEquals(config(out), config(again), "the file of a run makes it again");
  }

  @Test
  void aFileOfAnotherProgramIsQuantisedAndExported() {
    Path int8 = folder.resolve("int8");
    Object[] quantize = {
      "quantize", "--checkpoint", TWO_SETS, "--data", data, "--out", int8, "--classes", names()
    };
    CliRun run = CliRun.of(quantize);
    assertEquals(0, run.code(), run::toString);
    assertTrue(Files.exists(int8.resolve("ptq/model.safetensors")));
    run = CliRun.of("quantize", "--checkpoint", TWO_SETS);
    assertEquals(1, run.code(), run::toString);
    assertTrue(run.err().contains("name some like those it was trained on with --data"), run.err());
    Path onnx = folder.resolve("m.onnx");
    run = CliRun.of("export", "--checkpoint", TWO_SETS, "--state-dict", "model", onnx);
    assertEquals(0, run.code(), run::toString);
    assertTrue(Files.exists(onnx));
  }

  private Path names() {
    try {
      return Files.writeString(folder.resolve("names.txt"), "a\nb\nc\nd\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
