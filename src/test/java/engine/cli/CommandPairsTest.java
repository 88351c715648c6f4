package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What one command wrote, the next one takes, by whatever name of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommandPairsTest {
  @TempDir static Path shared;
  private Path data;
  private Path run;
  private Path int8;
  private Path onnx;

  @BeforeAll
  void makeOneOfEach() throws IOException {
    data = TestPictures.folder(shared.resolve("the pictures"), 12, 8, "a", "b");
    run = shared.resolve("run");
    command("train", "--data", data, "--out", run, "--model", "resnet18", "--width", 0.0625)
        .with("--image-size", 8, "--batch", 8, "--epochs", 1, "--workers", 1, "--seed", 3)
        .go()
        .assertSucceeds();
    int8 = shared.resolve("run-int8");
    command("quantize", "--checkpoint", run, "--out", int8).go().assertSucceeds();
    onnx = shared.resolve("run.onnx");
    command("export", "--checkpoint", run, onnx).go().assertSucceeds();
  }

  private List<Path> namesOfTheRun() {
    Path best = run.resolve("checkpoints/epoch-0001");
    return List.of(
        run,
        run.resolve("checkpoints"),
        run.resolve("best"),
        run.resolve("checkpoints/best"),
        run.resolve("last"),
        best,
        best.resolve("model.safetensors"));
  }

  private List<Path> namesOfTheInt8Run() {
    return List.of(int8, int8.resolve("ptq"), int8.resolve("ptq/model.safetensors"));
  }

  @TestFactory
  Stream<DynamicTest> whatWasTrainedIsTakenByEveryCommand() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path name : namesOfTheRun()) {
      tests.addAll(answering(name));
      tests.add(test("train --resume", name, () -> resume(name).assertSucceeds()));
    }
    // They find it as the others do, and take longer.
    for (Path name : List.of(run.resolve("checkpoints"), run.resolve("checkpoints/best"))) {
      tests.add(test("quantize", name, () -> quantize(name).assertSucceeds()));
      tests.add(test("train --weights", name, () -> tuned(name).assertSucceeds()));
    }
    return tests.stream();
  }

  @TestFactory
  Stream<DynamicTest> whatWasQuantizedIsTakenByEveryCommandThatAnswers() {
    List<DynamicTest> tests = new ArrayList<>();
    for (Path name : namesOfTheInt8Run()) {
      tests.addAll(answering(name));
      tests.add(test("quantize", name, () -> quantize(name).assertFails("is quantised already")));
      tests.add(test("train --weights", name, () -> tuned(name).assertFails("is quantised")));
    }
    return tests.stream();
  }

  @Test
  void whatWasQuantizedIsNotTrainedOnInItsPlace() throws IOException {
    resume(int8).assertFails("holds no training but what engine quantize made");
    assertFalse(Files.exists(int8.resolve("checkpoints")));
  }

  @Test
  void anExportIsNoCheckpoint() {
    for (String command : new String[] {"predict", "eval", "export"}) {
      answer(command, onnx).assertFails(onnx.toString());
    }
    quantize(onnx).assertFails(onnx.toString());
    resume(onnx).assertFails("there is no run in");
    resume(shared.resolve("none")).assertFails("there is no run in");
  }

  @Test
  void filesMadeToBeGivenAwayTellNoFolders() throws IOException {
    Path weights = shared.resolve("secret place");
    command("train", "--data", data, "--out", weights, "--model", "resnet18", "--width", 0.0625)
        .with("--image-size", 8, "--batch", 8, "--epochs", 1, "--workers", 1, "--weights", run)
        .go()
        .assertSucceeds();
    Path fp32 = shared.resolve("given.onnx");
    command("export", "--checkpoint", weights, fp32).go().assertSucceeds();
    Path bytes = shared.resolve("given-int8.onnx");
    command("export", "--checkpoint", int8, bytes).go().assertSucceeds();
    List<Path> given = new ArrayList<>(List.of(fp32, bytes, int8.resolve("ptq/model.safetensors")));
    try (Stream<Path> s = Files.walk(weights.resolve("checkpoints"))) {
      s.filter(Files::isRegularFile).forEach(given::add);
    }
    assertTrue(given.size() >= 6, given.toString());
    for (Path file : given) {
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      assertFalse(text.contains(shared.toString()), file + " tells where things lie");
    }
    String told = Files.readString(fp32, StandardCharsets.ISO_8859_1);
    assertTrue(told.contains("\"data\": \"the pictures\""), "the folder's own name stays");
    assertTrue(told.contains("\"weights\": \"run\""), "and that of the weights");
    assertEquals(1, told.split("\"seed\": ", -1).length - 1, "the recipe is in it");
  }

  private List<DynamicTest> answering(Path name) {
    return Stream.of("predict", "eval", "export")
        .map(command -> test(command, name, () -> answer(command, name).assertSucceeds()))
        .toList();
  }

  private CliRun answer(String command, Path checkpoint) {
    return switch (command) {
      case "predict" ->
          command("predict", "--checkpoint", checkpoint, data.resolve("a/000.png")).go();
      case "export" ->
          command("export", "--checkpoint", checkpoint, shared.resolve("again.onnx"), "--force")
              .go();
      default -> command("eval", "--checkpoint", checkpoint, "--json").go();
    };
  }

  private CliRun quantize(Path checkpoint) {
    return command("quantize", "--checkpoint", checkpoint, "--out", shared.resolve("q"))
        .with("--force", "--json")
        .go();
  }

  private CliRun tuned(Path checkpoint) throws IOException {
    Path out = Files.createTempDirectory(shared, "tuned");
    return command("train", "--data", data, "--out", out, "--model", "resnet18", "--json")
        .with("--width", 0.0625, "--image-size", 8, "--batch", 8, "--epochs", 1)
        .with("--workers", 1, "--weights", checkpoint)
        .go();
  }

  private static CliRun resume(Path where) {
    return command("train", "--json", "--resume", where).go();
  }

  private static DynamicTest test(
      String command, Path name, org.junit.jupiter.api.function.Executable body) {
    return DynamicTest.dynamicTest(command + " " + shared.relativize(name), body);
  }

  private static Command command(Object... words) {
    return new Command(new ArrayList<>(List.of(words)));
  }

  private record Command(List<Object> words) {
    Command with(Object... more) {
      words.addAll(List.of(more));
      return this;
    }

    CliRun go() {
      return CliRun.of(
          Stream.concat(words.stream(), Stream.of("--device", "cpu", "--threads", 1)).toArray());
    }
  }
}
