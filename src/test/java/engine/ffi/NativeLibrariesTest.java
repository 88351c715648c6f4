package engine.ffi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.base.Ownership;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is loaded as code is what the jar holds, whoever was in the cache folder before. */
final class NativeLibrariesTest {
  private static final String RESOURCES = "org/bytedeco/dnnl/linux-x86_64";
  private static final String NAME = "libgomp.so.1";

  @TempDir Path temp;
  private byte[] right;
  private Path cache;

  @BeforeEach
  void readTheJar() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("/" + RESOURCES + "/" + NAME)) {
      right = in.readAllBytes();
    }
    cache = temp.resolve("cache");
  }

  private Path unpack(Path... caches) {
    return NativeLibraries.unpack(List.of(caches), RESOURCES, NAME).resolve(NAME);
  }

  /** The library that is loaded after {@code spoil} got at the one in the cache. */
  private Path afterwards(Spoiler spoil) throws IOException {
    Path library = unpack(cache);
    spoil.spoil(library);
    Path loaded = unpack(cache);
    assertArrayEquals(right, Files.readAllBytes(loaded));
    assertTrue(Files.isRegularFile(loaded, LinkOption.NOFOLLOW_LINKS));
    return loaded;
  }

  @FunctionalInterface
  private interface Spoiler {
    void spoil(Path library) throws IOException;
  }

  @Test
  void theFolderIsClosedToOthersAndHoldsNothingHalfDone() throws IOException {
    Path library = unpack(cache);
    assertArrayEquals(right, Files.readAllBytes(library));
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(library.getParent())));
    try (Stream<Path> files = Files.list(library.getParent())) {
      assertEquals(
          List.of("checked", NAME), files.map(f -> f.getFileName().toString()).sorted().toList());
    }
  }

  @Test
  void aFileThatIsRightIsNotWrittenAgain() throws IOException {
    Path library = unpack(cache);
    Object inode = Files.getAttribute(library, "unix:ino");
    Files.delete(library.resolveSibling("checked")); // hashed anew, and found to be right
    assertEquals(inode, Files.getAttribute(unpack(cache), "unix:ino"));
    assertTrue(Files.exists(library.resolveSibling("checked")));
  }

  @Test
  void anotherFileOfTheSameSizeAndTimeIsReplaced() throws IOException {
    afterwards(
        library -> {
          FileTime time = Files.getLastModifiedTime(library);
          byte[] other = right.clone();
          other[other.length / 2] ^= 1;
          Files.write(library, other);
          Files.setLastModifiedTime(library, time);
        });
  }

  @Test
  void aFileThatWasThereBeforeTheFirstStartIsReplaced() throws IOException {
    Path library = unpack(cache);
    Path elsewhere = temp.resolve("planted").resolve(cache.relativize(library).toString());
    Files.createDirectories(elsewhere.getParent());
    Files.write(elsewhere, new byte[right.length]);
    assertArrayEquals(right, Files.readAllBytes(unpack(temp.resolve("planted"))));
  }

  @Test
  void anEmptyOrShortFileIsReplaced() throws IOException {
    afterwards(library -> Files.write(library, new byte[0]));
    afterwards(library -> Files.write(library, Arrays.copyOf(right, 1000)));
  }

  @Test
  void aLinkIsReplacedAndWhatItPointsToStays() throws IOException {
    Path target = Files.write(temp.resolve("target"), right);
    Object time = Files.getAttribute(target, "unix:ctime");
    afterwards(
        library -> {
          Files.delete(library);
          Files.createSymbolicLink(library, target);
        });
    assertEquals(time, Files.getAttribute(target, "unix:ctime"));
  }

  @Test
  void aFileThatOthersMayWriteOrHoldByAnotherNameIsReplaced() throws IOException {
    for (Consumer<Path> open : List.<Consumer<Path>>of(this::openToAll, this::linkElsewhere)) {
      Path before = unpack(cache);
      Object inode = Files.getAttribute(before, "unix:ino");
      open.accept(before);
      Path after = unpack(cache);
      assertFalse(inode.equals(Files.getAttribute(after, "unix:ino")), "the same file");
      assertTrue(Ownership.isOwn(after));
    }
  }

  private void openToAll(Path p) {
    set(p, "rwxrwxrwx");
  }

  private void linkElsewhere(Path p) {
    try {
      Files.createLink(temp.resolve("by-another-name"), p);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void set(Path p, String mode) {
    try {
      Files.setPosixFilePermissions(p, PosixFilePermissions.fromString(mode));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCacheThatOthersMayWriteIsPassedOver() throws IOException {
    Path shared = Files.createDirectories(temp.resolve("shared"));
    set(shared, "rwxrwxrwx");
    assertTrue(unpack(shared, cache).startsWith(cache.toRealPath()));
    var e = assertThrows(UncheckedNativeException.class, () -> unpack(shared));
    assertTrue(e.getMessage().contains("shared can be written by others"), e.getMessage());
    assertTrue(e.getMessage().contains("set ENGINE_CACHE"), e.getMessage());
    try (Stream<Path> left = Files.list(shared)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aFolderAboveItThatOthersMayWriteIsPassedOverUnlessItIsSticky() throws IOException {
    Path above = Files.createDirectories(temp.resolve("above"));
    set(above, "rwxrwxrwx");
    assertTrue(unpack(above.resolve("cache"), cache).startsWith(cache.toRealPath()));
    Files.setAttribute(above, "unix:mode", 01777);
    assertTrue(unpack(above.resolve("cache"), cache).startsWith(above.toRealPath()));
  }

  @Test
  void aFolderOfAnotherUserIsPassedOverAndHisFileIsReplaced() throws IOException {
    assumeTrue(Ownership.user() == 0, "only root can make files of another user");
    Path library = unpack(cache);
    Files.setAttribute(library, "unix:uid", 4321);
    assertEquals(0, Files.getAttribute(unpack(cache), "unix:uid"));
    Files.setAttribute(library.getParent(), "unix:uid", 4321);
    var e = assertThrows(UncheckedNativeException.class, () -> unpack(cache));
    assertTrue(e.getMessage().contains("belongs to user 4321"), e.getMessage());
    Path link = Files.createSymbolicLink(temp.resolve("link"), temp.resolve("mine"));
    Files.createDirectories(temp.resolve("mine"));
    Files.setAttribute(link, "unix:uid", 4321, LinkOption.NOFOLLOW_LINKS);
    e = assertThrows(UncheckedNativeException.class, () -> unpack(link));
    assertTrue(e.getMessage().contains("is a link that user 4321 made"), e.getMessage());
  }

  @Test
  void aLinkOfTheUsersOwnIsFollowedOnce() throws IOException {
    Path disk = Files.createDirectories(temp.resolve("disk"));
    Path link = Files.createSymbolicLink(temp.resolve("link"), disk);
    assertTrue(unpack(link).startsWith(disk.toRealPath()));
  }
}
