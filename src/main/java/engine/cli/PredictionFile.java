package engine.cli;

import engine.base.UserError;
import engine.infer.Predictor;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * A file of answers that grows batch by batch. Whatever moment a process is killed at, the file is
 * whole up to its last line end: the next one drops what follows that and goes on behind it.
 *
 * <p>Answers of another model are never mixed in: {@link AnswerMark}, beside the file, knows whose
 * they are. A picture is answered again if its file has changed, or if it could not be read. Its
 * new answer is written at the end, so that the old one is there until then; of two answers about a
 * picture the last one counts, and {@link #finish} puts it into the place of the first.
 *
 * <p>No byte is touched of a file that is none of these: not one that something else wrote, not a
 * pipe or device.
 */
final class PredictionFile implements AutoCloseable {
  private static final long FAILED = 2;
  private static final long UNSTAMPED = 3;

  private final Path path;
  private final PredictionFormat format;
  private final AnswerMark mark;
  private final FileChannel channel;
  private final Deque<Asked> asked = new ArrayDeque<>();

  /**
   * By the hash of a picture's name the digest of its stamp, or what else is known of its answer.
   */
  private final LongMap known = new LongMap();

  private long kept;
  private long failed;
  private boolean hasOld;

  /** A picture that an answer is awaited about. */
  private record Asked(long name, Stamp stamp) {}

  /**
   * Opens a file, to go on with it if it is there.
   *
   * @param origin what its answers come from
   * @param adopt whether to take over answers that nothing says the origin of
   * @throws UserError if it holds something else than such answers, or another process writes to it
   */
  PredictionFile(Path path, PredictionFormat format, AnswerOrigin origin, boolean adopt)
      throws IOException {
    this(path, format, origin, adopt, false);
  }

  /**
   * The same.
   *
   * @param anew whether to begin anew where it has such answers, of whatever origin
   */
  PredictionFile(
      Path path, PredictionFormat format, AnswerOrigin origin, boolean adopt, boolean anew)
      throws IOException {
    requireOrdinary(path);
    Path folder = path.toAbsolutePath().getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    this.format = format;
    this.channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      this.path = path.toRealPath();
      this.mark = new AnswerMark(this.path);
      lock(path);
      if (channel.size() == 0 || anew && hasAnswers(path)) {
        begin(origin);
      } else {
        goOn(path, origin, adopt);
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * @throws UserError if there is something at {@code path} that is no ordinary file
   */
  static void requireOrdinary(Path path) {
    if (Files.isDirectory(path)) {
      throw new UserError(path + " is a folder: --out takes the name of a file in it");
    } else if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new UserError(
          path
              + " is a pipe or device, in which nobody could go on: leave --out away, choose a --format, and redirect the output with > "
              + path);
    }
  }

  private void lock(Path named) throws IOException {
    FileLock lock;
    try {
      lock = channel.tryLock(); // until the channel is closed
    } catch (OverlappingFileLockException e) {
      lock = null;
    }
    if (lock == null) {
      throw new UserError(
          named + " is being written by another process: wait for it, or give another --out");
    }
  }

  private boolean hasAnswers(Path named) throws IOException {
    if (mark.origin() != null) {
      return true;
    }
    String first = new AnswerRecords(channel, named, format.quotesLines(), 0).next();
    return first != null && (isHeader(first) || format.said(first) != null);
  }

  private void begin(AnswerOrigin origin) throws IOException {
    mark.begin(origin); // first: without it nobody may cut off what a killed process wrote
    channel.truncate(0);
    channel.position(0);
    write(format.header());
  }

  private void goOn(Path named, AnswerOrigin origin, boolean adopt) throws IOException {
    AnswerOrigin begun = mark.origin();
    AnswerRecords records = new AnswerRecords(channel, named, format.quotesLines(), 0);
    String first = records.next();
    if (first == null && begun != null && isTorn(records.rest())) {
      begin(origin);
      return;
    } else if (first == null) {
      throw new UserError(foreign(named, records.rest()));
    }
    boolean empty = isHeader(first) && records.next() == null;
    String difference = begun == null ? null : origin.difference(begun);
    if (!empty && difference != null) {
      throw new UserError(
          "%s %s: give another --out, or remove it to begin anew".formatted(named, difference));
    } else if (format.header().isEmpty() ? format.said(first) == null : !isHeader(first)) {
      throw new UserError(foreign(named, first));
    } else if (!empty && begun == null && !adopt) {
      throw new UserError(
          "%s has answers, but %s beside it, which says what gave them, is missing or damaged: give another --out, or --adopt if they are of this checkpoint and these options"
              .formatted(named, mark));
    } else if (empty && begun == null && !records.rest().isEmpty()) {
      throw new UserError(foreign(named, records.rest()));
    }
    boolean adopting = begun == null;
    if (empty || adopting) {
      mark.begin(origin);
    }
    long end = read(named, adopting);
    channel.truncate(end);
    channel.position(end);
  }

  private boolean isHeader(String line) {
    return !format.header().isEmpty() && format.header().strip().equals(line.strip());
  }

  /** Whether text can be what a killed process left of a first line. */
  private boolean isTorn(String text) {
    String beginning = format.beginning();
    return text.startsWith(beginning) || beginning.startsWith(text);
  }

  private String foreign(Path named, String line) {
    String is = line.length() > 60 ? line.substring(0, 60) + "…" : line;
    return "%s is no file of answers that this command could go on with (it begins with '%s'%s): give another --out"
        .formatted(
            named,
            is.strip(),
            format.header().isEmpty() ? "" : ", not with '" + format.header().strip() + "'");
  }

  /** Notes which pictures have an answer; returns where the last whole record ends. */
  private long read(Path named, boolean adopting) throws IOException {
    LongMap stamps = mark.stamps();
    AnswerRecords records = new AnswerRecords(channel, named, format.quotesLines(), 0);
    boolean first = true;
    for (String line = records.next(); line != null; line = records.next()) {
      if (first && isHeader(line)) {
        first = false;
        continue;
      }
      first = false;
      PredictionFormat.Said said = format.said(line);
      if (said == null) {
        throw new UserError(
            "answer %,d of %s cannot be read, so it is not known where to go on: give another --out, or mend the file"
                .formatted(known.size() + 1L, named));
      }
      long name = Stamp.hash(said.picture());
      if (adopting && !said.failed()) {
        mark.adopt(name);
        stamps.put(name, AnswerMark.ANY);
      }
      long stamp = stamps.get(name) == 0 ? UNSTAMPED : stamps.get(name);
      note(name, said.failed() ? FAILED : stamp);
    }
    return records.end();
  }

  /** The last answer about a picture counts. */
  private void note(long name, long what) {
    long before = known.put(name, what);
    hasOld |= before != 0;
    failed += (what == FAILED ? 1 : 0) - (before == FAILED ? 1 : 0);
    kept += (what == FAILED ? 0 : 1) - (before != 0 && before != FAILED ? 1 : 0);
  }

  /** Answers that were there before. */
  long kept() {
    return kept;
  }

  /** Pictures of which the file says, in place of an answer, why there is none. */
  long failed() {
    return failed;
  }

  /**
   * Whether an answer about a picture is wanted: there is none, or only a reason, or one about
   * another content. If so, {@link #append} awaits it.
   */
  boolean wants(Path picture) {
    long name = Stamp.hash(format.name(picture));
    Stamp stamp = Stamp.of(picture);
    long has = known.get(name);
    boolean holds = has == stamp.digest() || has == AnswerMark.ANY;
    if (!holds) {
      hasOld |= has != 0;
      failed -= has == FAILED ? 1 : 0;
      known.put(name, stamp.digest()); // once, however often it is named
      asked.add(new Asked(name, stamp));
    }
    return !holds;
  }

  /** Appends answers about the pictures that were wanted, in their order. */
  void append(List<Predictor.Answer> answers) throws IOException {
    StringBuilder records = new StringBuilder();
    List<Long> names = new ArrayList<>();
    List<Stamp> stamps = new ArrayList<>();
    for (Predictor.Answer a : answers) {
      Asked of = asked.remove();
      records.append(format.record(a));
      if (a.failure() != null) {
        failed++;
      } else {
        names.add(of.name());
        stamps.add(of.stamp());
      }
    }
    write(records.toString());
    mark.add(names, stamps);
  }

  private void write(String text) throws IOException {
    AtomicFiles.writeFully(channel, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** Puts answers that were given again into the places of the old ones, and all on the disk. */
  void finish() throws IOException {
    if (hasOld) {
      new AnswerTidying(channel, path, format).run();
    } else {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    mark.close();
    channel.close();
  }
}
