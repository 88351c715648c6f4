package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code --debug-overflow} names tensors on the terminal and in TensorBoard. */
final class DebugOverflowTest {
  @Test
  void aSkippedStepIsNamedOnTheTerminalAndInTensorBoard(@TempDir Path temp) throws IOException {
    Path data = TestPictures.folder(temp.resolve("data"), 12, 8, "a", "b");
    Path run = temp.resolve("run");
    CliRun said =
        CliRun.of(
            "train",
            "--data=" + data,
            "--out=" + run,
            "--model=resnet18",
            "--width=0.0625",
            "--image-size=32",
            "--batch=4",
            "--epochs=1",
            "--device=cpu",
            "--json",
            "--loss-scale=dynamic",
            "--loss-scale-init=1e38",
            "--debug-overflow");
    assertEquals(0, said.code(), said::toString);
    String sentence = "step skipped at loss scale";
    assertTrue(said.out().contains(sentence), said.out());
    List<Path> events;
    try (Stream<Path> files = Files.list(run)) {
      events = files.filter(f -> f.getFileName().toString().startsWith("events.out")).toList();
    }
    assertEquals(1, events.size());
    String board = Files.readString(events.getFirst(), StandardCharsets.ISO_8859_1);
    assertTrue(board.contains("overflows") && board.contains(sentence), "no text of it");
  }
}
