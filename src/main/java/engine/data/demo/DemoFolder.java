package engine.data.demo;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a generated set. A marker file, written last, says what is in it. */
record DemoFolder(Path folder, String contents, int pictures) {
  private static final String MARKER = "demo-set.txt";
  private static final Duration ABANDONED = Duration.ofHours(1);

  /** Whether exactly this set is there, with every picture. */
  boolean isComplete() throws IOException {
    try {
      List<String> lines = Files.readAllLines(folder.resolve(MARKER));
      return !lines.isEmpty() && lines.getFirst().equals(contents) && count() == pictures;
    } catch (NoSuchFileException _) {
      return false;
    }
  }

  /** Refuses to replace what this class has not written. */
  void refuseForeign() throws IOException {
    if (!Files.exists(folder) || Files.exists(folder.resolve(MARKER))) {
      return;
    }
    boolean empty;
    if (!Files.isDirectory(folder)) {
      empty = false;
    } else {
      try (Stream<Path> entries = Files.list(folder)) {
        empty = entries.findAny().isEmpty();
      }
    }
    if (!empty) {
      throw new UserError(
          folder
              + " is in the way of the demo set and was not made by it: move it, or choose another"
              + " cache folder");
    }
  }

  /** A new folder beside this one to draw into; removes those that killed runs left there. */
  Path temporary() throws IOException {
    Path parent = Files.createDirectories(folder.getParent());
    String prefix = folder.getFileName() + ".part-";
    try (Stream<Path> siblings = Files.list(parent)) {
      for (Path old :
          siblings.filter(p -> p.getFileName().toString().startsWith(prefix)).toList()) {
        if (Files.getLastModifiedTime(old).toInstant().isBefore(Instant.now().minus(ABANDONED))) {
          delete(old);
        }
      }
    }
    return newSibling(prefix);
  }

  /**
   * Puts the finished {@code temporary} in the place of this folder, unless another process was
   * quicker.
   */
  void publish(Path temporary) throws IOException {
    Files.writeString(
        temporary.resolve(MARKER),
        contents + "\nThese pictures are synthetic; delete the folder to have them drawn again.\n");
    if (Files.exists(folder) && !isComplete()) {
      Path stale = newSibling(folder.getFileName() + ".part-");
      Files.move(folder, stale.resolve("stale"));
      delete(stale);
    }
    try {
      Files.move(temporary, folder);
    } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
      delete(temporary);
      if (!isComplete()) {
        throw e;
      }
    }
  }

  private long count() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".jpg")).count();
    }
  }

  private Path newSibling(String prefix) throws IOException {
    // Not createTempDirectory: its folders are closed to other users, and this one is renamed to
    // stay.
    String unique = ProcessHandle.current().pid() + "-" + System.nanoTime();
    return Files.createDirectory(folder.resolveSibling(prefix + unique));
  }

  static void delete(Path tree) throws IOException {
    List<Path> paths;
    try (Stream<Path> all = Files.walk(tree)) {
      paths = all.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path path : paths) {
      Files.deleteIfExists(path);
    }
  }
}
