package engine.cli;

import engine.base.UserError;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file of answers that grows batch by batch. Whatever moment a process is killed at, the file is
 * whole up to its last line end: the next one drops what follows that and goes on behind it.
 */
final class PredictionFile implements AutoCloseable {
  private final Path path;
  private final PredictionFormat format;
  private final FileChannel channel;
  private final NameSet written = new NameSet();
  private long kept;

  /**
   * Opens a file, to go on with it if it is there.
   *
   * @throws UserError if it holds something else than answers in this format, or another process
   *     writes to it
   */
  PredictionFile(Path path, PredictionFormat format) throws IOException {
    this.path = path;
    this.format = format;
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock();
      long end = readRecords();
      channel.truncate(end);
      channel.position(end);
      if (end == 0) {
        write(format.header());
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private void lock() throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(); // until the channel is closed
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new UserError(
          path + " is being written by another process: wait for it, or give another --out");
    }
  }

  /** Notes which pictures have an answer; returns where the last whole record ends. */
  private long readRecords() throws IOException {
    // Not closed: that would close the channel.
    InputStream in = new BufferedInputStream(Channels.newInputStream(channel), 1 << 16);
    ByteArrayOutputStream record = new ByteArrayOutputStream();
    boolean quoted = false;
    boolean header = !format.header().isEmpty();
    long end = 0;
    for (int b = in.read(); b >= 0; b = in.read()) {
      quoted ^= b == '"' && format.quotesLines();
      if (b != '\n' || quoted) {
        record.write(b);
        continue;
      }
      String text = record.toString(StandardCharsets.UTF_8);
      end += record.size() + 1;
      record.reset();
      if (header) {
        requireHeader(text);
        header = false;
      } else {
        note(text);
      }
    }
    return end;
  }

  private void requireHeader(String line) {
    if (!format.header().strip().equals(line.strip())) {
      throw new UserError(
          "%s has the columns %s and this command would write %s: give another --out, or the --top and as many checkpoints as it was begun with"
              .formatted(path, line.strip(), format.header().strip()));
    }
  }

  private void note(String record) {
    String picture = format.picture(record);
    if (picture == null) {
      throw new UserError(
          "answer %,d of %s cannot be read, so it is not known where to go on: give another --out, or mend the file"
              .formatted(kept + 1, path));
    }
    written.add(picture);
    kept++;
  }

  /** Answers that were there before. */
  long kept() {
    return kept;
  }

  /** Whether the file had an answer about this picture when it was opened. */
  boolean has(Path picture) {
    return written.contains(picture.toString());
  }

  /** Appends records, with their line ends. */
  void append(List<String> records) throws IOException {
    write(String.join("", records));
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
