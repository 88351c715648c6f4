package engine.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;

/**
 * Files that are there whole or not at all, whatever happens in between: {@code kill -9}, a power
 * cut, a full disk.
 *
 * <p>The new content goes to {@code .RANDOM.tmp} in the same folder, is fsynced, renamed over the
 * target, and the folder is fsynced, so that a reader sees either the old file or the new one. When
 * writing fails, the temporary file is removed and the old file is left as it was; only a killed
 * process leaves one behind, which is never read.
 *
 * <p>No link is followed: a folder that came from a stranger may hold links under all the names
 * that the engine writes, and what they point to is not the engine's. The name of the temporary
 * file cannot be guessed, and it is made anew or not at all.
 */
public final class AtomicFiles {
  private static final SecureRandom RANDOM = new SecureRandom();

  private AtomicFiles() {}

  /** Writes the content of a file, front to back. */
  @FunctionalInterface
  public interface Content {
    void writeTo(FileChannel out) throws IOException;
  }

  /** Replaces {@code file} with {@code bytes}. */
  public static void writeBytes(Path file, byte[] bytes) throws IOException {
    replace(file, out -> writeFully(out, ByteBuffer.wrap(bytes)));
  }

  /** Replaces {@code file} with {@code text} in UTF-8. */
  public static void writeString(Path file, String text) throws IOException {
    writeBytes(file, text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Replaces {@code file} with what {@code content} writes; missing parent folders are made.
   *
   * @throws WeightsException when the disk is full or the place cannot be written, in one sentence
   * @throws IOException for anything else that goes wrong; the old file is untouched in every case
   */
  public static void replace(Path file, Content content) throws IOException {
    Path target = writable(file);
    Path folder = target.getParent();
    Path temp = temporary(folder);
    try {
      Files.createDirectories(folder);
      try (FileChannel out =
          FileChannel.open(temp, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        content.writeTo(out);
        out.force(true);
      }
      Files.move(temp, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      deleteQuietly(temp);
      throw explained(file, folder, e);
    } catch (RuntimeException | Error e) {
      deleteQuietly(temp);
      throw e;
    }
    fsyncFolder(folder);
  }

  /**
   * Makes the folders of a file and tries whether files can be written in it, so that it need not
   * be found out at the end of the work; the file itself is left as it is.
   *
   * @throws WeightsException if it could not be written
   */
  public static void tryFolderOf(Path file) throws IOException {
    Path folder = writable(file).getParent();
    Path temp = temporary(folder);
    try {
      Files.createDirectories(folder);
      Files.createFile(temp);
      Files.delete(temp);
    } catch (IOException e) {
      deleteQuietly(temp);
      throw explained(file, folder, e);
    }
  }

  /** The whole path of a file that may be replaced. */
  private static Path writable(Path file) throws WeightsException {
    Path target = file.toAbsolutePath();
    if (target.getParent() == null || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new WeightsException(file, "cannot be written, because it is a folder; give a file");
    }
    if (isDevice(target)) {
      throw new WeightsException(
          file, "cannot be written, because it is a device or a pipe; give a file");
    }
    return target;
  }

  private static Path temporary(Path folder) {
    return folder.resolve(".%016x.tmp".formatted(RANDOM.nextLong()));
  }

  /** Such as /dev/null or /dev/stdout, which a rename would do away with. */
  private static boolean isDevice(Path target) {
    try {
      return Files.readAttributes(target, BasicFileAttributes.class).isOther();
    } catch (IOException e) {
      return false; // nothing there
    }
  }

  /** Writes all of {@code bytes} at the channel's position. */
  public static void writeFully(FileChannel out, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      out.write(bytes);
    }
  }

  /** Makes renames and new names in {@code folder} survive a power cut. */
  public static void fsyncFolder(Path folder) throws IOException {
    if (System.getProperty("os.name").startsWith("Windows")) {
      return; // a folder cannot be opened there; the rename is journalled
    }
    try (FileChannel dir = FileChannel.open(folder, StandardOpenOption.READ)) {
      dir.force(true);
    }
  }

  private static void deleteQuietly(Path temp) {
    try {
      Files.deleteIfExists(temp);
    } catch (IOException e) {
      // The failure that brought us here is the one to report.
    }
  }

  /**
   * What is to be thrown where a write to {@code file} failed with {@code e}: one that says why.
   */
  public static IOException explained(Path file, IOException e) {
    return explained(file, file.toAbsolutePath().getParent(), e);
  }

  private static IOException explained(Path file, Path folder, IOException e) {
    if (isDiskFull(folder, e)) {
      return new WeightsException(
          file,
          "could not be saved, because its disk is full; free some space or choose another folder"
              + " (what was saved before is untouched)",
          e);
    }
    if (String.valueOf(e.getMessage()).contains("File too large")) {
      return new WeightsException(
          file,
          "could not be saved: no file may be that large here (see ulimit -f); raise the limit or"
              + " choose another folder (what was saved before is untouched)",
          e);
    }
    Path blocking = fileAbove(folder);
    if (blocking != null) {
      return new WeightsException(
          file, "could not be saved: " + blocking + " is a file, not a folder", e);
    }
    return switch (e) {
      case AccessDeniedException a ->
          new WeightsException(file, "could not be saved: no permission to write " + folder, e);
      case NoSuchFileException n ->
          new WeightsException(file, "could not be saved: no file can be made in " + folder, e);
      default ->
          String.valueOf(e.getMessage()).contains("Read-only file system")
              ? new WeightsException(file, "could not be saved: its disk is mounted read-only", e)
              : e;
    };
  }

  /** The file that stands where a folder or one above it should be; null if there is none. */
  private static Path fileAbove(Path folder) {
    Path at = folder;
    while (at != null && !Files.exists(at)) {
      at = at.getParent();
    }
    return at == null || Files.isDirectory(at) ? null : at;
  }

  private static boolean isDiskFull(Path folder, IOException e) {
    String message = String.valueOf(e.getMessage());
    if (message.contains("No space left") || message.contains("quota exceeded")) {
      return true;
    }
    try {
      // strerror follows the locale, so an unknown message on a store without space counts too.
      return Files.isDirectory(folder)
          && Files.getFileStore(folder).getTotalSpace() > 0 // /proc has none, and is not full
          && Files.getFileStore(folder).getUsableSpace() == 0;
    } catch (IOException unknown) {
      return false;
    }
  }
}
