package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run that cannot write on, here by a limit on the size of files, ends well and goes on later.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class FullDiskTest {
  @TempDir static Path shared;
  private Path first;
  private Path whole;

  /** A run of one epoch that is to go on for a second. */
  @BeforeAll
  void train() throws IOException {
    Assumptions.assumeTrue(
        Files.isExecutable(Path.of("/bin/bash")), "the limit is set by bash, which is not here");
    Path data = TestPictures.folder(shared.resolve("data"), 8, 8, "a", "b");
    first = shared.resolve("first");
    CliRun.of(
            "train",
            "--json",
            "--data",
            data,
            "--out",
            first,
            "--model",
            "resnet18",
            "--width",
            0.0625,
            "--image-size",
            8,
            "--batch",
            8,
            "--epochs",
            1,
            "--workers",
            1,
            "--threads",
            1,
            "--device",
            "cpu")
        .assertSucceeds();
    Path config = first.resolve("config.json");
    JsonObject json = JsonParser.parseString(Files.readString(config)).getAsJsonObject();
    json.addProperty("epochs", 2);
    json.remove("crc32c");
    Files.writeString(config, json.toString());
    whole = copy(first, shared.resolve("whole"));
    resume(whole);
  }

  /** 188 KiB of model, 376 of optimiser. */
  @ParameterizedTest
  @CsvSource({"1, config.json", "100, model.safetensors", "300, optimizer.safetensors"})
  void whatWasSavedStaysAndTheRunGoesOn(int kibibytes, String file) throws Exception {
    Path run = copy(first, shared.resolve("limited-" + kibibytes));
    Map<String, Long> before = contents(run);
    Process p = limited(kibibytes, "train", "--json", "--resume", run.toString());
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, p.waitFor(), said);
    List<String> errors = said.lines().filter(l -> !l.startsWith("{")).toList();
    assertEquals(1, errors.size(), said);
    assertTrue(errors.getFirst().startsWith("engine: "), said);
    assertTrue(errors.getFirst().contains(file + ": could not be saved"), said);
    Map<String, Long> after = contents(run);
    assertEquals(before, after, "nothing is lost, and nothing half written is left");
    resume(run);
    for (String name : new String[] {"model.safetensors", "optimizer.safetensors"}) {
      Path inRun = Path.of("checkpoints", "epoch-0002", name);
      assertEquals(-1, Files.mismatch(whole.resolve(inRun), run.resolve(inRun)), name);
    }
  }

  /** The limit is one of single files, so this one is made the longest. */
  @Test
  void anEpochWhoseLineOfMetricsCannotBeWrittenIsNone() throws Exception {
    int kibibytes = 500;
    Path run = copy(first, shared.resolve("limited-metrics"));
    Path metrics = run.resolve("metrics.jsonl");
    String line = Files.readString(metrics).strip();
    String longer = line.substring(0, line.length() - 1) + ",\"%s\":1}\n";
    int more = (kibibytes << 10) - longer.formatted("").length() - 50;
    Files.writeString(metrics, longer.formatted("x".repeat(more)));
    Map<String, Long> before = contents(run);
    Process p = limited(kibibytes, "train", "--json", "--resume", run.toString());
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, p.waitFor(), said);
    List<String> errors = said.lines().filter(l -> !l.startsWith("{")).toList();
    assertEquals(1, errors.size(), said);
    assertTrue(errors.getFirst().contains(metrics + ": could not be saved: no file may"), said);
    assertTrue(errors.getFirst().contains("--resume"), said);
    assertEquals(before, contents(run));
    resume(run);
    assertEquals(2, Files.readAllLines(metrics).size());
    for (String name : new String[] {"model.safetensors", "optimizer.safetensors"}) {
      Path inRun = Path.of("checkpoints", "epoch-0002", name);
      assertEquals(-1, Files.mismatch(whole.resolve(inRun), run.resolve(inRun)), name);
    }
  }

  @Test
  void aReportThatCannotBeWrittenIsLeftOutAndTheOldOneStays() throws Exception {
    Path run = copy(whole, shared.resolve("limited-report"));
    Path report = run.resolve("report.html");
    Process p = limited(8, "train", "--json", "--resume", run.toString());
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), said);
    assertTrue(said.contains("warning: the report " + report + " is left out: "), said);
    assertTrue(said.contains("best validation accuracy"), said);
    assertFalse(said.contains("; report: "), said);
    assertEquals(-1, Files.mismatch(whole.resolve("report.html"), report));
    try (Stream<Path> files = Files.list(run)) {
      assertEquals(List.of(), files.filter(f -> f.toString().endsWith(".tmp")).toList());
    }
    assertEquals(contents(whole), contents(run));
  }

  @Test
  void answersThatCannotBeWrittenAreGivenAgainLater() throws Exception {
    Path out = shared.resolve("answers.jsonl");
    String[] predict = {
      "predict",
      "--checkpoint",
      whole.toString(),
      "--out",
      out.toString(),
      "--threads",
      "1",
      shared.resolve("data").toString()
    };
    Process p = limited(1, predict);
    String said = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(1, p.waitFor(), said);
    assertTrue(said.contains("engine: no file may be that large here (see ulimit -f); "), said);
    assertEquals(1 << 10, Files.size(out));
    CliRun.of((Object[]) predict).assertSucceeds();
    List<String> answers = Files.readAllLines(out);
    assertEquals(16, answers.size());
    Set<String> files = new TreeSet<>();
    for (String a : answers) {
      files.add(JsonParser.parseString(a).getAsJsonObject().get("file").getAsString());
    }
    assertEquals(16, files.size(), "each once");
  }

  private static void resume(Path run) {
    CliRun.of("train", "--json", "--resume", run, "--workers", 1).assertSucceeds();
  }

  /** Sizes of what matters, by name. */
  private static Map<String, Long> contents(Path run) throws IOException {
    Map<String, Long> out = new TreeMap<>();
    try (Stream<Path> s = Files.walk(run.resolve("checkpoints"))) {
      for (Path p : s.filter(Files::isRegularFile).toList()) {
        out.put(run.relativize(p).toString(), Files.size(p));
      }
    }
    for (String name : new String[] {"best", "last"}) {
      out.put(name, (long) Files.readString(run.resolve(name)).hashCode());
    }
    return out;
  }

  private static Process limited(int kibibytes, String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of("/bin/bash", "-c", "ulimit -f $0; exec \"$@\""));
    line.add(Integer.toString(kibibytes));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:-UsePerfData",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName()));
    line.addAll(List.of(command));
    // Its output goes through a pipe: the limit is on files only.
    return new ProcessBuilder(line).redirectErrorStream(true).start();
  }

  private static Path copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path f : files.toList()) {
        Files.copy(f, to.resolve(from.relativize(f)));
      }
    }
    return to;
  }
}
