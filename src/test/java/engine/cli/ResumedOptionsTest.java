package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.recipe.Recipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What may be typed beside {@code --resume}, and what is shown in place of what may not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ResumedOptionsTest {
  @TempDir static Path shared;
  private Path data;
  private Path run;

  @BeforeAll
  void train() throws IOException {
    data = TestPictures.folder(shared.resolve("data"), 6, 8, "a", "b");
    run = shared.resolve("a run");
    first(run).assertSucceeds();
  }

  private CliRun first(Path out, Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--json", "--data", data, "--out", out));
    args.addAll(List.of("--model", "resnet18", "--width", 0.0625, "--image-size", 8));
    args.addAll(List.of("--batch", 4, "--workers", 1, "--threads", 1));
    if (!List.of(more).contains("--config")) {
      args.addAll(List.of("--epochs", 2));
    }
    args.addAll(List.of("--device", "cpu", "--no-decay-norm-bias"));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray());
  }

  private static Path longRun(Path temp) throws IOException {
    return Files.writeString(temp.resolve("long.yaml"), "epochs: 9\n");
  }

  private CliRun resume(Path folder, Object... more) {
    List<Object> args = new ArrayList<>(List.of("train", "--json", "--resume", folder));
    args.addAll(List.of(more));
    return CliRun.of(args.toArray());
  }

  @Test
  void moreEpochsAreAddedAndRecorded(@TempDir Path temp) throws IOException {
    Path longer = temp.resolve("longer");
    first(longer).assertSucceeds();
    String said = resume(longer, "--epochs", 4).assertSucceeds().out();
    assertTrue(said.contains("epochs 3 to 4 were added: their rate falls along a cosine"), said);
    Recipe r = Recipe.read(longer.resolve("config.json"));
    assertEquals(4, r.schedule().epochs());
    assertEquals(List.of(2), r.schedule().extended());
    assertEquals(4, Files.readAllLines(longer.resolve("metrics.jsonl")).size());

    // Asked again it is the run that there is, and it can be given more.
    resume(longer, "--epochs", 4).assertSucceeds();
    resume(longer).assertSucceeds();
    resume(longer, "--epochs", 5).assertSucceeds();
    assertEquals(List.of(2, 4), Recipe.read(longer.resolve("config.json")).schedule().extended());
    resume(longer, "--epochs", 3).assertWrongUsage("this run has 5 epochs");

    // Its config.json is a file of options still: the whole run in one go, to the same bits.
    Path whole = temp.resolve("whole");
    CliRun.of("train", "--json", "--config", longer.resolve("config.json"), "--out", whole)
        .assertSucceeds();
    Path weights = Path.of("checkpoints/epoch-0005/model.safetensors");
    assertEquals(-1, Files.mismatch(longer.resolve(weights), whole.resolve(weights)));
    Path shorter = temp.resolve("shorter");
    CliRun.of(
            "train",
            "--json",
            "--config",
            longer.resolve("config.json"),
            "--epochs",
            1,
            "--out",
            shorter)
        .assertSucceeds();
  }

  @Test
  void aRunOfDefaultsKeepsItsConfigAsItWas() throws IOException {
    assertFalse(Files.readString(run.resolve("config.json")).contains("extended"));
  }

  @Test
  void optionsThatSayWhatTheRunSaysAreNoChange() {
    resume(run, "--batch", 4, "--no-decay-norm-bias", "--width", "0.0625", "--lr", "0.0003")
        .assertSucceeds();
    resume(run, "--scheduler", "cosine", "--seed", 0, "--optimizer", "adamw").assertSucceeds();
  }

  @Test
  void whatCannotChangeIsRefusedWithACommandThatDoesIt(@TempDir Path temp) {
    String config = "--config '" + run.resolve("config.json") + "'";
    String weights = " --weights '" + run + "'";
    assertInstead(temp.resolve("1"), config + weights + " --lr 1e-4", "--lr", "1e-4");
    assertInstead(
        temp.resolve("2"),
        config + weights + " --no-decay-norm-bias=false",
        "--no-decay-norm-bias=false");
    CliRun.of("train", "--resume", run, "--seeds", "1,2")
        .assertWrongUsage(
            "--seeds cannot change in a resumed run; a new one: engine train "
                + config
                + " --seeds 1,2");
    // Another network takes none of its weights; another seed may hold out what they were made of.
    assertInstead(temp.resolve("3"), config + " --width 0.125", "--width", "0.125");
    assertInstead(temp.resolve("4"), config + " --seed 3 --mixup 0.2", "--seed", 3, "--mixup", 0.2);
    assertInstead(temp.resolve("5"), config + weights + " --t-max 3", "--t-max", 3);
    assertInstead(
        temp.resolve("6"), config + weights + " --batch 2", "--dropout", 0.3, "--batch", 2);
    assertInstead(
        temp.resolve("7"),
        "--data "
            + data
            + " --model resnet18 --width 0.0625 --image-size 8"
            + weights
            + " --recipe fast",
        "--recipe",
        "fast");
  }

  /** The command is the end of the sentence, and works as it stands. */
  private void assertInstead(Path out, String options, Object... typed) {
    CliRun refused =
        resume(run, typed).assertWrongUsage(" cannot change in a resumed run; a new one: ");
    String command = refused.err().lines().findFirst().orElseThrow();
    command = command.substring(command.indexOf("engine train") + "engine ".length());
    assertEquals("train " + options, command);
    List<Object> words = new ArrayList<>();
    for (String part : command.split(" (?=([^']*'[^']*')*[^']*$)")) {
      words.add(part.replace("'", ""));
    }
    words.addAll(List.of("--json", "--epochs", 1, "--out", out));
    CliRun.of(words.toArray()).assertSucceeds();
  }

  @Test
  void aRunThatEndedEarlyIsNotExtended(@TempDir Path temp) throws IOException {
    Path early = temp.resolve("early");
    first(early, "--patience", 1, "--lr", "1e-12", "--config", longRun(temp)).assertSucceeds();
    resume(early, "--epochs", 12)
        .assertWrongUsage(
            "of 9 for want of a better accuracy (--patience 1), so none can be added");
  }

  @Test
  void wordsAreQuotedAsAShellReadsThem() {
    assertEquals("plain-1.5/x", ShellWords.quoted("plain-1.5/x"));
    assertEquals("'two words'", ShellWords.quoted("two words"));
    assertEquals("'it'\\''s $HOME'", ShellWords.quoted("it's $HOME"));
    assertEquals("''", ShellWords.quoted(""));
  }
}
