package engine.cli;

import engine.base.UserError;
import engine.console.Json;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file of answers cannot hold itself without being strange to pandas and jq: whose answers
 * they are, and of which pictures. It lies beside it, as {@code .NAME.engine}: the {@link
 * AnswerOrigin} in the first line, then a line for each answer: 16 digits of the picture's name,
 * the size and the time of its file. Of several lines about a picture the last one counts.
 *
 * <p>It is written after the answers: a process killed in between leaves answers without a line,
 * which are given again.
 */
final class AnswerMark implements AutoCloseable {
  /** The stamp of answers that were taken over: whatever the picture looks like, they hold. */
  static final long ANY = 1;

  private static final String ADOPTED = "- -";

  private final Path file;
  private FileChannel channel;

  AnswerMark(Path answers) {
    this.file = answers.resolveSibling("." + answers.getFileName() + ".engine");
  }

  /** Whose answers the file has; null if nothing says so. */
  AnswerOrigin origin() throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try (FileChannel in = open(StandardOpenOption.READ)) {
      String first = new AnswerRecords(in, file, false, 0).next();
      return first == null ? null : AnswerOrigin.parse(first);
    }
  }

  /** The digests of the stamps by the hashes of the names. */
  LongMap stamps() throws IOException {
    LongMap out = new LongMap();
    try (FileChannel in = open(StandardOpenOption.READ)) {
      AnswerRecords lines = new AnswerRecords(in, file, false, 0);
      lines.next(); // the origin
      for (String line = lines.next(); line != null; line = lines.next()) {
        note(line, out);
      }
    }
    return out;
  }

  private static void note(String line, LongMap out) {
    String[] words = line.split(" ");
    try {
      if (words.length == 3) {
        long key = Long.parseUnsignedLong(words[0], 16);
        boolean any = (words[1] + " " + words[2]).equals(ADOPTED);
        out.put(
            key,
            any ? ANY : new Stamp(Long.parseLong(words[1]), Long.parseLong(words[2])).digest());
      }
    } catch (NumberFormatException e) {
      // Torn: its picture is answered again.
    }
  }

  /** Begins anew, before the first answer. */
  void begin(AnswerOrigin origin) throws IOException {
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new UserError(
          file + " is in the way, which is no ordinary file: remove it, or give another --out");
    }
    AtomicFiles.writeString(file, Json.line(origin.json()) + "\n");
  }

  /** Takes over answers that nobody stamped. */
  void adopt(long name) throws IOException {
    append("%016x %s\n".formatted(name, ADOPTED));
  }

  /** Adds to what is there. */
  void add(List<Long> names, List<Stamp> stamps) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      text.append("%016x ".formatted(names.get(i)))
          .append(stamps.get(i).size())
          .append(' ')
          .append(stamps.get(i).nanos())
          .append('\n');
    }
    append(text.toString());
  }

  private void append(String text) throws IOException {
    if (channel == null) {
      channel = open(StandardOpenOption.READ, StandardOpenOption.WRITE);
      channel.position(channel.size());
      if (!endsWell()) {
        text = "\n" + text; // what was torn is a line of its own, which says nothing
      }
    }
    AtomicFiles.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private FileChannel open(StandardOpenOption... how) throws IOException {
    Set<OpenOption> options = new HashSet<>(List.of(how));
    options.add(LinkOption.NOFOLLOW_LINKS);
    return FileChannel.open(file, options);
  }

  private boolean endsWell() throws IOException {
    ByteBuffer last = ByteBuffer.allocate(1);
    return channel.read(last, channel.size() - 1) == 1 && last.get(0) == '\n';
  }

  @Override
  public String toString() {
    return file.toString();
  }

  @Override
  public void close() throws IOException {
    if (channel != null) {
      channel.close();
    }
  }
}
