package engine.data.image;

import engine.ffi.Libc;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A regular file opened for reading, and nothing else: a pipe that nobody writes to, a socket or a
 * device in a picture's place must not stop a run. What a path leads to may change between a look
 * and the opening, so the file is opened without waiting, and what was opened is asked: a pipe has
 * no position. Nothing is mapped: a file that is cut short while it is read is a short read and no
 * fault.
 */
final class PictureFile implements AutoCloseable {
  private static final int MAX_BYTES = Integer.MAX_VALUE - 16;

  /** Most bytes of a file that says it has none, as those of {@code /proc} do. */
  private static final int MAX_UNSIZED = 16 << 20;

  private static final int PIECE = 256 << 10;

  private final int fd;

  private PictureFile(int fd) {
    this.fd = fd;
  }

  /**
   * Opens {@code file}.
   *
   * @throws CorruptImage if it is missing, may not be read, or is no regular file
   */
  static PictureFile open(Path file) throws CorruptImage {
    // A device may do something when it is opened: looked at first, though that proves nothing.
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw Files.isDirectory(file)
          ? new CorruptImage("it is a folder", "give a picture file")
          : irregular();
    }
    return openUnlooked(file);
  }

  /** Opens whatever is there, without waiting. */
  static PictureFile openUnlooked(Path file) throws CorruptImage {
    int fd;
    try (Arena arena = Arena.ofConfined()) {
      byte[] path = bytes(file);
      MemorySegment c = arena.allocate(path.length + 1L); // zeroed: a C string
      MemorySegment.copy(path, 0, c, ValueLayout.JAVA_BYTE, 0, path.length);
      fd = Libc.open(c.address(), Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC);
    }
    if (fd < 0) {
      throw failure(-fd);
    }
    return new PictureFile(fd);
  }

  /** The first bytes of a file, at most {@code n}. */
  static byte[] head(Path file, int n) throws IOException {
    try (PictureFile open = open(file)) {
      return open.read(n);
    } catch (CorruptImage e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /**
   * The file's bytes from its beginning, at most {@code n}; fewer only if it has no more. What is
   * added while it is read is not waited for.
   */
  byte[] read(int n) throws CorruptImage {
    long size = Libc.lseek(fd, 0, Libc.SEEK_END);
    if (size == -Libc.EINVAL) {
      size = 0; // a file of /proc, whose end is not known before it is read
    } else if (size < 0) {
      throw failure((int) -size);
    }
    if (size > MAX_BYTES && n > MAX_BYTES) {
      throw new CorruptImage(
          "the file has " + (size >> 20) + " MiB, more than any picture that is read",
          "shrink the picture or remove it");
    }
    byte[] out = new byte[(int) Math.min(n, size == 0 ? PIECE : size)];
    int at = 0;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment piece = arena.allocate(Math.max(1, Math.min(PIECE, out.length)));
      while (at < out.length) {
        long got = Libc.pread(fd, piece.address(), Math.min(piece.byteSize(), out.length - at), at);
        if (got < 0) {
          throw failure((int) -got);
        } else if (got == 0) {
          return Arrays.copyOf(out, at);
        }
        MemorySegment.copy(piece, ValueLayout.JAVA_BYTE, 0, out, at, (int) got);
        at += (int) got;
        if (size == 0 && at == out.length && at < Math.min(n, MAX_UNSIZED)) {
          out = Arrays.copyOf(out, Math.min(Math.min(n, MAX_UNSIZED), 2 * at));
        }
      }
    }
    return out;
  }

  /** The path as the system knows it, whatever the locale makes of its name. */
  private static byte[] bytes(Path file) {
    String name = file.toString();
    if (name.chars().allMatch(c -> c > 0 && c < 0x7f)) {
      return name.getBytes(StandardCharsets.US_ASCII);
    }
    String escaped = file.toUri().getRawPath();
    byte[] out = new byte[escaped.length()];
    int n = 0;
    for (int i = 0; i < escaped.length(); i++, n++) {
      if (escaped.charAt(i) == '%') {
        out[n] = (byte) Integer.parseInt(escaped, i + 1, i + 3, 16);
        i += 2;
      } else {
        out[n] = (byte) escaped.charAt(i);
      }
    }
    return Arrays.copyOf(out, n);
  }

  private static CorruptImage failure(int errno) {
    return switch (errno) {
      case Libc.ENOENT -> new CorruptImage("there is no such file", "check the path");
      case Libc.ENXIO, Libc.ESPIPE, Libc.EAGAIN -> irregular();
      default ->
          new CorruptImage("it cannot be read (" + Libc.strerror(errno) + ")", "check the file");
    };
  }

  private static CorruptImage irregular() {
    return new CorruptImage(
        "it is a pipe, socket or device and no file", "save the picture into a file");
  }

  @Override
  public void close() {
    Libc.close(fd);
  }
}
