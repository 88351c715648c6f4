package engine.cli;

import engine.base.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Reads a file of answers, or what is noted of them, line by line. */
final class AnswerRecords {
  /**
   * Bytes of a record: ten thousands of classes have room, and a file that is none is no danger.
   */
  static final int LONGEST = 8 << 20;

  private final FileChannel channel;
  private final Path path;
  private final boolean quotesLines;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);
  private final ByteArrayOutputStream record = new ByteArrayOutputStream();
  private long read;
  private long start;
  private long end;

  /**
   * @param quotesLines whether a line end inside quotes belongs to a record
   * @param from where to begin, the beginning of a record
   */
  AnswerRecords(FileChannel channel, Path path, boolean quotesLines, long from) {
    this.channel = channel;
    this.path = path;
    this.quotesLines = quotesLines;
    this.read = from;
    this.start = from;
    this.end = from;
  }

  /** The next record without its line end, or null if none is whole. */
  String next() throws IOException {
    record.reset();
    boolean quoted = false;
    while (true) {
      if (!buffer.hasRemaining()) {
        buffer.clear();
        int n = channel.read(buffer, read);
        buffer.flip();
        if (n <= 0) {
          return null;
        }
        read += n;
      }
      byte b = buffer.get();
      quoted ^= b == '"' && quotesLines;
      if (b == '\n' && !quoted) {
        start = end;
        end += record.size() + 1L;
        return record.toString(StandardCharsets.UTF_8);
      }
      if (record.size() == LONGEST) {
        throw new UserError(
            "%s has a line of more than %d MiB, which is no answer: give another --out"
                .formatted(path, LONGEST >> 20));
      }
      record.write(b);
    }
  }

  /** Where the last record begins. */
  long start() {
    return start;
  }

  /** Where the last record ends, its line end included. */
  long end() {
    return end;
  }

  /** What follows the last whole record, as much as was read of it. */
  String rest() {
    return record.toString(StandardCharsets.UTF_8);
  }
}
