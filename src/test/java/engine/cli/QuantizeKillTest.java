package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code engine quantize --mode qat} as a process of its own that is ended from outside. */
final class QuantizeKillTest {
  private static final String MODEL = "model.safetensors";
  @TempDir private Path temp;

  @Tag("slow")
  @Test
  void terminatedAndThenKilledItGoesOnToTheSameBytes() throws Exception {
    Path data = TestPictures.folder(temp.resolve("data"), 20, 16, "a", "b", "c");
    Path run = temp.resolve("run");
    List<String> train = new ArrayList<>(List.of("train", "--data", data.toString()));
    train.addAll(List.of("--out", run.toString(), "--model", "resnet18", "--width", "0.0625"));
    train.addAll(List.of("--image-size", "16", "--batch", "4", "--epochs", "1"));
    CliRun.of(here(train)).assertSucceeds();
    Path whole = temp.resolve("whole");
    Path log = temp.resolve("log");
    finish(log, quantize(run, whole));

    Path out = temp.resolve("out");
    Process p = start(log, quantize(run, out));
    await(p, log, out.resolve("fp32-tuned/checkpoints/epoch-0001"));
    p.destroy();
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    String said = Files.readString(log);
    assertEquals(143, p.exitValue(), said);
    assertTrue(
        said.contains("stopped and saved: go on with engine quantize --resume " + out), said);

    Object[] goOn = here(List.of("quantize", "--resume", out.toString()));
    Path picture = temp.resolve("data/a/000.png");
    Path away = Files.move(picture, temp.resolve("away"));
    CliRun gone = CliRun.of(goOn);
    assertEquals(1, gone.code(), gone::toString);
    assertTrue(
        gone.err().endsWith("put the data back as it was, or quantise again with another --out\n"),
        gone.err());
    Files.move(away, picture);
    FileTime time = Files.getLastModifiedTime(picture);
    Files.setLastModifiedTime(picture, FileTime.fromMillis(time.toMillis() + 5000));
    CliRun.of(goOn).assertFails("put back what was there, or quantise again with another --out");
    Files.setLastModifiedTime(picture, time);

    p = start(log, List.of("quantize", "--resume", out.toString()));
    await(p, log, out.resolve("qat/checkpoints/epoch-0002"));
    p.destroyForcibly();
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));

    CliRun.of(here(List.of("quantize", "--checkpoint", run.toString(), "--out", out.toString())))
        .assertFails("or go on with --resume " + out);
    CliRun.of(here(List.of("train", "--resume", out.resolve("qat").toString())))
        .assertFails("go on with engine quantize --resume " + out);
    CliRun.of(here(List.of("quantize", "--resume", run.toString())))
        .assertFails("there is no quantisation in " + run);
    CliRun.of(here(List.of("quantize", "--resume", out.toString(), "--epochs", "9")))
        .assertWrongUsage("--epochs cannot change in a resumed quantisation");
    finish(log, List.of("quantize", "--resume", out.resolve("qat").toString()));
    for (String variant : List.of("ptq", "fp32-tuned", "qat")) {
      Path model = Path.of(variant).resolve(MODEL);
      assertEquals(-1, Files.mismatch(whole.resolve(model), out.resolve(model)), variant);
    }
  }

  private static List<String> quantize(Path run, Path out) {
    List<String> line = new ArrayList<>(List.of("quantize", "--mode", "qat", "--epochs", "4"));
    line.addAll(List.of("--checkpoint", run.toString(), "--out", out.toString()));
    line.addAll(List.of("--freeze-norms", "3", "--threads", "1", "--device", "cpu"));
    return line;
  }

  private static Object[] here(List<String> line) {
    List<Object> out = new ArrayList<>(line);
    if (!line.contains("--threads") && !line.contains("--resume")) {
      out.addAll(List.of("--threads", "1", "--device", "cpu"));
    }
    return out.toArray();
  }

  private static Process start(Path log, List<String> line) throws IOException {
    return EngineProcess.start(log, 512, Map.of(), line);
  }

  /** In a process of its own: the number of threads is one for all devices of a process. */
  private static void finish(Path log, List<String> line) throws Exception {
    Process p = start(log, line);
    assertTrue(p.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, p.exitValue(), () -> read(log));
  }

  private static void await(Process p, Path log, Path file) throws Exception {
    while (!Files.exists(file)) {
      assertTrue(p.isAlive(), () -> "ended before " + file + ": " + read(log));
      Thread.sleep(2);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
