package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AtomicFilesTest {
  @TempDir Path temp;

  @Test
  void theFolderIsMadeAndTheFileReplaced() throws IOException {
    Path file = temp.resolve("a/b/state.json");
    AtomicFiles.writeString(file, "one");
    AtomicFiles.writeString(file, "zwei ü");
    assertEquals("zwei ü", Files.readString(file));
    assertEquals(List.of(file), list(file.getParent()));
  }

  @Test
  void aFullDiskLeavesTheOldFileAndNoTemporaryOne() throws IOException {
    Path file = temp.resolve("state.json");
    AtomicFiles.writeString(file, "old");
    var e =
        assertThrows(
            WeightsException.class,
            () ->
                AtomicFiles.replace(
                    file,
                    out -> {
                      out.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));
                      throw new IOException("No space left on device");
                    }));
    assertTrue(e.getMessage().startsWith(file + ": could not be saved, because its disk is full"));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of(file), list(temp));
  }

  @Test
  void aFailureInTheContentPassesThroughAndLeavesNothing() throws IOException {
    Path file = temp.resolve("x");
    AtomicFiles.Content broken =
        out -> {
          throw new IllegalStateException("broken");
        };
    assertThrows(IllegalStateException.class, () -> AtomicFiles.replace(file, broken));
    assertEquals(List.of(), list(temp));
  }

  @Test
  void aFileWhereAFolderIsNeededIsNamed() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    var e =
        assertThrows(
            WeightsException.class, () -> AtomicFiles.writeString(file.resolve("x"), "text"));
    assertTrue(e.getMessage().contains("is a file, not a folder"), e.getMessage());
  }

  @Test
  void aFolderIsNotOverwritten() {
    assertThrows(WeightsException.class, () -> AtomicFiles.writeString(temp, "text"));
  }

  @Test
  void aLinkIsKeptAndItsTargetReplaced() throws IOException {
    Path target = Files.writeString(temp.resolve("target"), "old");
    Path link = Files.createSymbolicLink(temp.resolve("link"), target);
    AtomicFiles.writeString(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(target));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
