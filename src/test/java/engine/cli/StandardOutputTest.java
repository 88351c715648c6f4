package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of commands whose output is not taken. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StandardOutputTest {
  @TempDir static Path shared;
  private Path pictures;
  private Path run;

  private record Ended(int code, String err) {}

  @BeforeAll
  void train() throws IOException {
    pictures = TestPictures.folder(shared.resolve("data"), 8, 24, "a", "b");
    run = shared.resolve("run");
    CliRun.of(training(run, 1)).assertSucceeds();
  }

  private Object[] training(Path out, int epochs) {
    List<Object> line = new ArrayList<>(List.of("train", "--data", pictures, "--out", out));
    line.addAll(List.of("--model", "resnet18", "--width", 0.125, "--batch", 4, "--image-size", 24));
    line.addAll(List.of("--epochs", epochs, "--json", "--workers", 0, "--threads", 1));
    return line.toArray();
  }

  /** Runs a command line as {@link Main#main} does. */
  private static Ended run(WritableByteChannel out, boolean pipe, Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Main.run(new StandardOutput(out, pipe), words);
      return new Ended(code, err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
  }

  private Object[] words(String line) {
    return line.replace("RUN", run.toString()).replace("DATA", pictures.toString()).split(" ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "predict --checkpoint RUN DATA --threads 1",
        "predict --checkpoint RUN DATA --threads 1 --json",
        "predict --checkpoint RUN DATA --threads 1 --format csv",
        "eval --checkpoint RUN --threads 1 --json",
        "verify src/test/resources/engine/golden --group formats",
        "verify src/test/resources/engine/golden --group formats --json",
        "bench infer --model resnet18 --width 0.125 --image-size 32 --seconds 0.1 --threads 1 --json",
        "inspect tape --policy",
        "inspect tape --policy --json",
        "inspect kernel",
        "doctor --json",
        "weights list",
        "weights list --json",
        "weights inspect RUN/checkpoints/epoch-0001/model.safetensors",
        "train --help",
        "--version"
      })
  void onAFullDiskEveryCommandEndsWithOneAndASentence(String line) throws IOException {
    Path full = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.isWritable(full), "needs /dev/full");
    try (FileOutputStream out = new FileOutputStream(full.toFile())) {
      Ended ended = run(out.getChannel(), false, words(line));
      assertEquals(1, ended.code(), ended.err());
      assertEquals(1, ended.err().lines().count(), ended.err());
      assertTrue(
          ended.err().startsWith("engine: what is printed cannot be written ("), ended.err());
    }
    Ended closed = run(failingAfter(0), true, words(line));
    assertEquals(StandardOutput.CLOSED_PIPE, closed.code());
    assertEquals("", closed.err());
  }

  @Test
  void predictionsEndAtTheFirstLineThatNobodyReads() {
    Ended ended =
        run(failingAfter(1), true, words("predict --checkpoint RUN DATA --json --batch 1"));
    assertEquals(StandardOutput.CLOSED_PIPE, ended.code());
    assertEquals("", ended.err());
  }

  @Test
  void aTrainingNobodyListensToIsSavedAndGoesOnToTheSameBits() throws IOException {
    Path whole = shared.resolve("whole");
    CliRun.of(training(whole, 3)).assertSucceeds();
    Path cut = shared.resolve("cut");
    Ended quiet = run(failingAfter(2), true, training(cut, 3)); // in epoch 2 of 3
    assertEquals(StandardOutput.CLOSED_PIPE, quiet.code());
    assertEquals("", quiet.err());
    assertFalse(Files.exists(cut.resolve("checkpoints/epoch-0003")));
    Path full = shared.resolve("full");
    Ended said = run(failingAfter(2), false, training(full, 3));
    assertEquals(1, said.code());
    assertTrue(said.err().contains("stopped and saved: go on with --resume " + full), said.err());
    for (Path p : List.of(cut, full)) {
      CliRun.of("train", "--resume", p, "--json", "--workers", 0).assertSucceeds();
      assertEquals(
          -1,
          Files.mismatch(
              whole.resolve("checkpoints/epoch-0003/model.safetensors"),
              p.resolve("checkpoints/epoch-0003/model.safetensors")));
    }
  }

  @Test
  void aTrainingThatNobodyWillSeeDoesNotBegin() {
    Path none = shared.resolve("none");
    assertEquals(1, run(failingAfter(0), false, training(none, 1)).code());
    assertFalse(Files.exists(none));
  }

  @ParameterizedTest
  @ValueSource(strings = {"exec \"$@\" >/dev/full", "exec \"$@\" >&-"})
  void theProcessKnowsItsOutput(String shell) throws Exception {
    Path log = shared.resolve("process.log");
    Files.deleteIfExists(log);
    Process p =
        EngineProcess.start(
            log, 64, Map.of(), List.of("sh", "-c", shell, "sh"), List.of("weights", "list"));
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    String err = Files.readString(log);
    assertEquals(1, p.exitValue(), err);
    assertEquals(1, err.lines().count(), err);
  }

  @Test
  void theProcessBehindAClosedPipeEndsQuietly() throws Exception {
    Path log = shared.resolve("pipe.log");
    String shell = "{ \"$@\"; echo $? >&2; } | true";
    Process p =
        EngineProcess.start(
            log, 64, Map.of(), List.of("sh", "-c", shell, "sh"), List.of("weights", "list"));
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    assertEquals("141", Files.readString(log).strip());
  }

  /** Takes as many lines. */
  private static WritableByteChannel failingAfter(int lines) {
    return new WritableByteChannel() {
      private int left = lines;

      @Override
      public int write(ByteBuffer b) throws IOException {
        if (left <= 0) {
          throw new IOException("Kein Platz"); // the words are the locale's
        }
        int n = b.remaining();
        while (b.hasRemaining()) {
          left -= b.get() == '\n' ? 1 : 0;
        }
        return n;
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
