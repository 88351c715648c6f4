package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choices of {@code train} that fight with each other, and weights of classes by name. */
final class ChoicesTest {
  @TempDir Path temp;
  private Path data;
  private int runs;

  @BeforeEach
  void draw() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 5, 8, "cat", "dog");
  }

  private CliRun train(Object... options) {
    List<Object> line = new ArrayList<>(List.of("train", "--json", "--data", data, "--out"));
    line.addAll(List.of(temp.resolve("run" + ++runs), "--model", "resnet18", "--width", 0.0625));
    line.addAll(List.of("--image-size", 8, "--batch", 4, "--epochs", 1, "--workers", 0));
    line.addAll(List.of(options));
    return CliRun.of(line.toArray());
  }

  private void warns(String said, Object... options) {
    CliRun run = train(options).assertSucceeds();
    assertTrue(run.out().contains("warning: " + said), run.out());
  }

  @Test
  void choicesThatFightAreSaid() {
    warns(
        "--class-weights balanced and --sampler balanced both even out",
        "--class-weights",
        "balanced",
        "--sampler",
        "balanced");
    warns("--freeze layer1 keeps weights that are random", "--freeze", "layer1");
    warns("--frozen-norms all keeps running statistics", "--frozen-norms", "all");
    warns("--layer-decay slows down the first stages", "--layer-decay", 0.5);
    warns("--momentum belongs to --optimizer sgd: adamw does not use it", "--momentum", 0.5);
  }

  @Test
  void choicesThatDoNotAreNot() {
    CliRun run = train("--class-weights", "balanced", "--optimizer", "sgd", "--momentum", 0.5);
    assertFalse(run.assertSucceeds().out().contains("warning"), run.out());
    Path weights = temp.resolve("run" + runs);
    run = train("--weights", weights, "--freeze", "layer1", "--layer-decay", 0.5);
    assertFalse(run.assertSucceeds().out().contains("warning"), run.out());
  }

  @Test
  void threadsBeyondTheCoresAreSaid() {
    int cores = Runtime.getRuntime().availableProcessors();
    CliRun run = train("--threads", cores + 1);
    assertEquals(0, run.code(), run::toString);
    assertTrue(
        run.err().startsWith("engine: warning: %d threads are more than".formatted(cores + 1)),
        run.err());
  }

  @Test
  void weightsByNameAreTakenFromTheCommandLineAndFromAFile() throws IOException {
    train("--class-weights", "dog=2").assertSucceeds();
    Path yaml = temp.resolve("a.yaml");
    Files.writeString(yaml, "class-weights:\n  dog: 2\n");
    train("--config", yaml).assertSucceeds();
    assertEquals(config(1), config(2));
    assertTrue(config(1).contains("\"dog=2\""), config(1));
    train("--class-weights", "1,2").assertSucceeds();
    assertEquals(log(1), log(3), "the same weights by number");
    train("--class-weights", "dgo=2").assertWrongUsage("names 'dgo', which is no class");
    train("--class-weights", "dog=2", "--smoothing-mode", "others").assertWrongUsage("choose one");
    Files.writeString(yaml, "class_weights: {cat: [1, 2]}\n");
    train("--config", yaml).assertWrongUsage("gives the class 'cat' no weight");
  }

  private String config(int run) throws IOException {
    return Files.readString(temp.resolve("run" + run + "/config.json"));
  }

  /** What a run gave, without times. */
  private String log(int run) throws IOException {
    return Files.readString(temp.resolve("run" + run + "/metrics.jsonl"))
        .replaceAll(".*(\"train_?[lL]oss\":[^,]*).*\\R", "$1");
  }
}
