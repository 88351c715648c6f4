package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code eval}, {@code quantize} and {@code train --resume} on a folder that has changed. */
final class HeldOutCommandTest {
  @TempDir Path temp;
  private Path data;
  private Path run;

  @BeforeEach
  void train() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 20, 8, "a", "b");
    run = temp.resolve("run");
    train(run, 1, 1);
  }

  private void train(Path out, int seed, int epochs) {
    command("train", "--json", "--data", data, "--out", out, "--model", "resnet18", "--width")
        .with(0.0625, "--image-size", 8, "--batch", 8, "--epochs", epochs, "--workers", 1)
        .with("--seed", seed)
        .go()
        .assertSucceeds();
  }

  @Test
  void evalAndQuantizeJudgeByWhatWasHeldOut() throws IOException {
    JsonObject before = eval(run);
    Files.copy(data.resolve("a/000.png"), data.resolve("a/extra.png"));
    Files.copy(data.resolve("b/000.png"), data.resolve("b/0005.png"));
    String[] said = new String[1];
    JsonObject[] after = new JsonObject[1];
    said[0] = errorsOf(() -> after[0] = eval(run));
    assertTrue(said[0].contains("have changed since the run began: 2 new"), said[0]);
    assertEquals(before.get("log_loss"), after[0].get("log_loss"), "the same pictures");
    Path int8 = temp.resolve("int8");
    CliRun q = command("quantize", "--checkpoint", run, "--out", int8, "--json").go();
    assertEquals(0, q.code(), q.err());
    assertTrue(q.err().contains("have changed since the run began: 2 new"), q.err());
    JsonObject fp32 =
        JsonParser.parseString(q.out().lines().findFirst().orElseThrow()).getAsJsonObject();
    assertEquals(before.get("accuracy"), fp32.get("accuracy"));
    Files.copy(data.resolve("b/000.png"), data.resolve("b/0006.png"));
    said[0] = errorsOf(() -> eval(int8));
    assertTrue(said[0].contains("have changed since the run began: 3 new"), said[0]);
  }

  @Test
  void aVoterThatWasTrainedOnThePicturesIsNamed() {
    Path other = temp.resolve("other");
    train(other, 2, 1);
    String said =
        errorsOf(
            () ->
                command("eval", "--checkpoint", run, "--checkpoint", other, "--json")
                    .go()
                    .assertSucceeds());
    assertTrue(said.contains(other + " was trained on "), said);
    assertFalse(said.contains(run + " was trained on "), said);
  }

  @Test
  void aResumedRunAsksBeforeItGoesOnWithOtherContents() throws IOException {
    Files.write(data.resolve("a/007.png"), Files.readAllBytes(data.resolve("a/008.png")));
    command("train", "--json", "--resume", run)
        .go()
        .assertFails("the picture a/007.png has other contents since this run began");
    CliRun r = command("train", "--json", "--resume", run, "--allow-changed-images").go();
    r.assertSucceeds();
    assertTrue(r.out().contains("its result will be another"), r.out());
    command("train", "--json", "--resume", run).go().assertSucceeds(); // it knows now
    command("train", "--data", data, "--allow-changed-images")
        .go()
        .assertWrongUsage("--allow-changed-images belongs to --resume");
  }

  private static JsonObject eval(Path checkpoint) {
    CliRun r = command("eval", "--checkpoint", checkpoint, "--json").go().assertSucceeds();
    return JsonParser.parseString(r.out()).getAsJsonObject();
  }

  /** What went to standard error, where --json sends what is for people. */
  static String errorsOf(Runnable command) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      command.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
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
      List<Object> all = new ArrayList<>(words);
      all.addAll(List.of("--device", "cpu", "--threads", 1));
      return CliRun.of(all.toArray());
    }
  }
}
