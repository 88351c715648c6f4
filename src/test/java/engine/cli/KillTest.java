package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** {@code engine train} as a process of its own that is ended from outside. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class KillTest {
  private static final int KILLS = 3;

  @TempDir static Path shared;
  private Path data;
  private Path whole;
  private long startMillis;
  private long wholeMillis;

  @BeforeAll
  void trainUninterrupted() throws Exception {
    data = TestPictures.folder(shared.resolve("data"), 20, 32, "a", "b", "c");
    whole = shared.resolve("whole");
    long began = System.nanoTime();
    Process p = start(whole, shared.resolve("whole.log"), first(whole));
    while (!Files.exists(whole.resolve("config.json")) && p.isAlive()) {
      Thread.sleep(2);
    }
    startMillis = millisSince(began);
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    wholeMillis = millisSince(began);
    assertEquals(0, p.exitValue(), Files.readString(shared.resolve("whole.log")));
  }

  @Tag("slow")
  @Test
  void killedAtRandomMomentsARunEndsInTheSameBytes() throws Exception {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    System.out.println("kill seed " + seed);
    Path run = shared.resolve("killed");
    Path log = shared.resolve("killed.log");
    for (int i = 0; i < KILLS; i++) {
      Process p =
          start(run, log, Files.exists(run.resolve("config.json")) ? resume(run) : first(run));
      Thread.sleep(startMillis * 2 / 3 + random.nextLong(wholeMillis - startMillis / 2));
      p.destroyForcibly();
      assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    }
    Process last =
        start(run, log, Files.exists(run.resolve("config.json")) ? resume(run) : first(run));
    assertTrue(last.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertEquals(0, last.exitValue(), said);
    assertSame(run, said);
  }

  @Test
  void aSignalSavesWithinAnEpochAndTheRunGoesOnToTheSameBytes() throws Exception {
    Path run = shared.resolve("stopped");
    Path log = shared.resolve("stopped.log");
    Process p = start(run, log, first(run));
    while (!Files.exists(run.resolve("last")) && p.isAlive()) {
      Thread.sleep(1);
    }
    p.destroy(); // SIGTERM; Ctrl-C takes the same way
    assertTrue(p.waitFor(20, TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertEquals(128 + 15, p.exitValue(), said);
    assertTrue(said.contains("stopped and saved: go on with --resume " + run), said);
    Process rest = start(run, log, resume(run));
    assertTrue(rest.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, rest.exitValue(), Files.readString(log));
    assertSame(run, said);
  }

  private List<String> first(Path run) {
    return List.of(
        "--data",
        data.toString(),
        "--out",
        run.toString(),
        "--model",
        "resnet18",
        "--width",
        "0.125",
        "--image-size",
        "32",
        "--batch",
        "5",
        "--epochs",
        "4",
        "--threads",
        "1");
  }

  private static List<String> resume(Path run) {
    return List.of("--resume", run.toString());
  }

  private static Process start(Path run, Path log, List<String> options) throws IOException {
    List<String> command = new ArrayList<>(List.of("train", "--json", "--debug", "--workers", "1"));
    command.addAll(options);
    return EngineProcess.start(log, 400, Map.of(), command);
  }

  private void assertSame(Path run, String said) throws IOException {
    String last = Files.readString(run.resolve("last"));
    assertEquals(Files.readString(whole.resolve("last")), last);
    assertEquals(Files.readString(whole.resolve("best")), Files.readString(run.resolve("best")));
    for (String file : new String[] {"model.safetensors", "optimizer.safetensors"}) {
      Path inRun = Path.of("checkpoints", last.strip(), file);
      assertEquals(
          -1, Files.mismatch(whole.resolve(inRun), run.resolve(inRun)), file + " differs: " + said);
    }
    assertEquals(figures(whole), figures(run));
  }

  /** {@code metrics.jsonl} without what a clock or a meter measured. */
  private static List<JsonObject> figures(Path run) throws IOException {
    return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
        .map(line -> JsonParser.parseString(line).getAsJsonObject())
        .peek(o -> List.of("seconds", "images_s", "memory_peak_mb").forEach(o::remove))
        .toList();
  }

  private static long millisSince(long nanos) {
    return (System.nanoTime() - nanos) / 1_000_000;
  }
}
