package engine.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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
  void aLinkIsReplacedAndWhatItPointsToStays() throws IOException {
    Path target = Files.writeString(temp.resolve("target"), "old");
    for (String to : List.of("target", "missing", "link", ".")) {
      Path link = temp.resolve("link");
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, Path.of(to));
      AtomicFiles.writeString(link, "new");
      assertTrue(Files.isRegularFile(link, LinkOption.NOFOLLOW_LINKS), to);
      assertEquals("new", Files.readString(link));
    }
    assertEquals("old", Files.readString(target));
    assertFalse(Files.exists(temp.resolve("missing")));
  }

  @Test
  void aDeviceIsLeftAlone() throws IOException {
    Path link = Files.createSymbolicLink(temp.resolve("link"), Path.of("/dev/null"));
    for (Path p : List.of(Path.of("/dev/null"), link)) {
      var e = assertThrows(WeightsException.class, () -> AtomicFiles.writeString(p, "text"));
      assertTrue(e.getMessage().contains("a device or a pipe"), e.getMessage());
    }
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void aNameAsLongAsTheSystemAllowsCanBeWritten() throws IOException {
    Path file = temp.resolve("x".repeat(255));
    AtomicFiles.writeString(file, "text");
    assertEquals("text", Files.readString(file));
  }

  @Test
  void whatAKilledProcessOfTheSameNumberLeftIsNotInTheWay() throws IOException {
    for (int i = 0; i < 1000; i++) {
      String left = ".x.%d-%d.tmp".formatted(ProcessHandle.current().pid(), i);
      Files.writeString(temp.resolve(left), "left");
    }
    AtomicFiles.writeString(temp.resolve("x"), "text");
    assertEquals("text", Files.readString(temp.resolve("x")));
  }

  private static List<Path> list(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
