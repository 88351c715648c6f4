package engine.cli;

import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Makes a file of answers one answer a picture: the last, in the place of the first. The file is
 * replaced as a whole, so that a process killed in the midst leaves it as it was.
 */
final class AnswerTidying {
  private static final long WRITTEN = -1;

  private final FileChannel channel;
  private final Path path;
  private final PredictionFormat format;
  private final StringBuilder pending = new StringBuilder();

  /**
   * @param path of the channel's file, no link
   */
  AnswerTidying(FileChannel channel, Path path, PredictionFormat format) {
    this.channel = channel;
    this.path = path;
    this.format = format;
  }

  void run() throws IOException {
    Path folder = path.toAbsolutePath().getParent();
    Path temp =
        Files.createTempFile(
            folder,
            "." + path.getFileName() + ".",
            ".tmp",
            PosixFilePermissions.asFileAttribute(Files.getPosixFilePermissions(path)));
    try {
      try (FileChannel out = FileChannel.open(temp, StandardOpenOption.WRITE)) {
        copy(last(), out);
        out.force(true);
      }
      Files.move(temp, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temp); // gone if it was moved
    }
    AtomicFiles.fsyncFolder(folder);
  }

  /** Where the last record about each picture begins, one byte on: 0 is none. */
  private LongMap last() throws IOException {
    LongMap last = new LongMap();
    AnswerRecords records = new AnswerRecords(channel, path, format.quotesLines(), 0);
    for (String line = records.next(); line != null; line = records.next()) {
      PredictionFormat.Said said = isHeader(line, records) ? null : format.said(line);
      if (said != null) {
        last.put(Stamp.hash(said.picture()), records.start() + 1);
      }
    }
    return last;
  }

  private boolean isHeader(String line, AnswerRecords records) {
    return records.start() == 0 && format.header().strip().equals(line.strip());
  }

  private void copy(LongMap last, FileChannel out) throws IOException {
    AnswerRecords records = new AnswerRecords(channel, path, format.quotesLines(), 0);
    for (String line = records.next(); line != null; line = records.next()) {
      PredictionFormat.Said said = isHeader(line, records) ? null : format.said(line);
      String text = line;
      if (said != null) {
        long name = Stamp.hash(said.picture());
        long at = last.put(name, WRITTEN);
        if (at == WRITTEN) {
          continue;
        } else if (at != records.start() + 1) {
          text = new AnswerRecords(channel, path, format.quotesLines(), at - 1).next();
        }
      }
      write(text + "\n", out, 1 << 16);
    }
    write("", out, 0);
  }

  private void write(String text, FileChannel out, int least) throws IOException {
    pending.append(text);
    if (pending.length() > least) {
      byte[] bytes = pending.toString().getBytes(StandardCharsets.UTF_8);
      AtomicFiles.writeFully(out, ByteBuffer.wrap(bytes));
      pending.setLength(0);
    }
  }
}
