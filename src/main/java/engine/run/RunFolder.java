package engine.run;

import engine.base.Setting;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of a run: its files by name, and which checkpoints are the best and the last. */
public final class RunFolder {
  private static final Pattern OF_A_RUN =
      Pattern.compile(
          "last|best|config\\.json|pictures\\.tsv\\.gz|metrics\\.jsonl|report\\.(html|json|png)|events\\.out\\.tfevents\\..*");

  /** From a run folder to a file of a checkpoint: checkpoints, the checkpoint, the file. */
  private static final int DEEPEST = 3;

  private final Path root;
  private final boolean madeParent;

  public RunFolder(Path root) {
    this(root, false);
  }

  private RunFolder(Path root, boolean madeParent) {
    this.root = root;
    this.madeParent = madeParent;
  }

  /**
   * Makes a new folder: {@code wanted}, or the first of {@code wanted-2}, {@code wanted-3}, … that
   * is not there yet. Of two processes that ask at once each gets one of its own.
   *
   * @throws UserError if none can be made
   */
  public static RunFolder claim(Path wanted) {
    Path parent = wanted.getParent();
    boolean madeParent = parent != null && !Files.exists(parent);
    try {
      for (int i = 1; ; i++) {
        if (parent != null) {
          Files.createDirectories(parent); // each time: another process may take it away again
        }
        Path folder = i == 1 ? wanted : wanted.resolveSibling(wanted.getFileName() + "-" + i);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        try {
          return new RunFolder(Files.createDirectory(folder), madeParent);
        } catch (FileAlreadyExistsException e) {
          // Another process was faster: the next name.
        }
      }
    } catch (IOException e) {
      throw unusable(wanted, e);
    }
  }

  /**
   * Removes the folder again, and the one above if it was made for it, where nothing is in them.
   */
  public void release() throws IOException {
    if (!Files.isDirectory(root)) {
      return;
    }
    try (Stream<Path> s = Files.list(root)) {
      if (!s.allMatch(lockFile()::equals)) {
        return;
      }
    }
    Files.deleteIfExists(lockFile());
    Files.delete(root);
    if (madeParent) {
      try {
        Files.delete(root.getParent());
      } catch (DirectoryNotEmptyException e) {
        // Another run is in it by now.
      }
    }
  }

  /**
   * The run that a path lies in: the folder itself, its {@code checkpoints}, one of them, or a file
   * of either.
   */
  public static RunFolder containing(Path where) {
    Path whole = where.toAbsolutePath().normalize();
    Path up = where;
    for (Path at = whole; at != null && whole.getNameCount() - at.getNameCount() <= DEEPEST; ) {
      if (Files.isRegularFile(new RunFolder(at).config())) {
        Path below = at.relativize(whole);
        boolean inIt =
            below.getNameCount() == 1 && Files.isRegularFile(where)
                || below.startsWith(CheckpointFinder.CHECKPOINTS);
        return new RunFolder(inIt && up != null ? up : inIt ? at : where);
      }
      at = at.getParent();
      up = up == null ? null : up.getParent();
    }
    return new RunFolder(where);
  }

  public Path root() {
    return root;
  }

  public Path config() {
    return root.resolve("config.json");
  }

  public Path metrics() {
    return root.resolve("metrics.jsonl");
  }

  /** The list of the pictures that the run leaves out. */
  static final String EXCLUDED = "excluded.txt";

  public Path pictures() {
    return root.resolve(PictureList.FILE);
  }

  public Path report() {
    return root.resolve("report.html");
  }

  Path checkpoints() {
    return root.resolve(CheckpointFinder.CHECKPOINTS);
  }

  private Path lockFile() {
    return root.resolve(".lock");
  }

  /** Whether a run, or what is left of one, is there already. */
  public boolean isUsed() {
    return Files.exists(config()) || Files.exists(checkpoints());
  }

  /**
   * @throws UserError if a run is there already
   */
  public void requireUnused() {
    if (isUsed()) {
      throw new UserError(
          root
              + " holds a run already: choose another "
              + Setting.OUT
              + ", or go on with "
              + Setting.RESUME
              + " "
              + root);
    }
  }

  /**
   * Tries whether the folder can be made and written to, before any work is done, and leaves
   * nothing.
   *
   * @throws UserError if it cannot
   */
  public void requireWritable() {
    Path there = root.toAbsolutePath().normalize();
    try {
      while (!Files.exists(there)) {
        there = there.getParent();
      }
      if (!Files.isDirectory(there)) {
        throw new FileAlreadyExistsException(there.toString());
      }
      Files.delete(Files.createTempDirectory(there, ".engine"));
    } catch (IOException e) {
      throw unusable(root, e);
    }
  }

  /**
   * @throws UserError if the folder holds what {@code engine quantize} made, with which no training
   *     goes on
   */
  public void requireTrained() throws IOException {
    List<Path> inside = Files.exists(checkpoints()) ? List.of() : CheckpointFinder.inside(root);
    if (!inside.isEmpty()) {
      throw new UserError(
          "%s holds no training but what engine quantize made (%s): resume the run that was quantised"
              .formatted(root, inside.getFirst().getFileName()));
    }
  }

  /**
   * Makes the folder if need be and keeps other processes from training in it until the result is
   * closed, or this process ends, however it ends.
   *
   * @throws UserError if it cannot be made, another process has it, or a file of the run is a link
   */
  public RunLock lock() {
    try {
      Files.createDirectories(root);
      refuseLinks();
      RunLock lock = RunLock.take(lockFile());
      if (lock != null) {
        return lock;
      }
    } catch (IOException e) {
      throw unusable(root, e);
    }
    throw new UserError(
        "another process is training in "
            + root
            + ": wait until it ends, or choose another "
            + Setting.OUT);
  }

  /**
   * A run folder may be a stranger's: what is removed and written there must not lie elsewhere. The
   * folder itself may be a link, since the user named it.
   */
  private void refuseLinks() throws IOException {
    for (Path p : Stream.concat(Stream.of(checkpoints()), own().named().stream()).toList()) {
      if (Files.isSymbolicLink(p)) {
        throw new UserError(
            p
                + " is a link, and a run writes through none: put the folder that it leads to in its place, or delete it");
      }
    }
  }

  private static UserError unusable(Path root, IOException e) {
    return new UserError(
        switch (e) {
          case FileAlreadyExistsException f ->
              f.getFile() + " is a file, not a folder: choose another " + Setting.OUT;
          case AccessDeniedException a ->
              "no permission to write in " + root + ": choose another " + Setting.OUT;
          default ->
              ("the run folder %s cannot be used (%s): choose another " + Setting.OUT)
                  .formatted(root, reason(e));
        },
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no folder can be made there";
    }
    String text =
        e instanceof FileSystemException f && f.getReason() != null
            ? f.getReason()
            : String.valueOf(e.getMessage());
    return text.contains("No space left") ? "its disk is full" : text;
  }

  /** The folder of the best checkpoint, or null before the first. */
  public Path best() throws IOException {
    return pointer("best").existing();
  }

  /** The folder of the last checkpoint, or null before the first. */
  public Path last() throws IOException {
    return pointer("last").existing();
  }

  /**
   * The checkpoint to go on from, or null before the first: the last one, or the newest whole one
   * where the last is gone or nothing says which it is. A run gives the same bits from any.
   *
   * @param say told if it is not the one that {@code last} names
   * @throws UserError if there were checkpoints and none is left
   */
  public Path resumable(Consumer<String> say) throws IOException {
    Path last = pointer("last").read();
    if (last != null && CheckpointPointer.isCheckpoint(last)) {
      return last;
    }
    Path newest = newestWhole(null);
    if (newest != null) {
      say.accept(
          "%s: going on from %s, the newest checkpoint that is whole"
              .formatted(
                  last == null
                      ? "nothing says which checkpoint is the last"
                      : last + " is no checkpoint",
                  newest.getFileName()));
      return newest;
    }
    // A kill may leave a line of the first epoch without its checkpoint, but not two.
    if (last != null
        || Files.exists(root.resolve("best"), LinkOption.NOFOLLOW_LINKS)
        || Files.exists(metrics()) && MetricsLog.read(metrics()).size() > 1) {
      throw new UserError(
          ("no checkpoint of this run is left in %s: put them back, or start a new run with "
                  + Setting.OUT)
              .formatted(checkpoints()));
    }
    return null;
  }

  /** The checkpoint that is furthest of those with all their files as they were saved, or null. */
  public Path newestWhole(Path except) throws IOException {
    return own().newestWhole(except);
  }

  /** The folder of the best checkpoint, or null if there is none, for whatever reason. */
  public Path bestOrNull() throws IOException {
    return orNull(pointer("best"));
  }

  /** The folder of the last checkpoint, or null if there is none, for whatever reason. */
  public Path lastOrNull() throws IOException {
    return orNull(pointer("last"));
  }

  private static Path orNull(CheckpointPointer pointer) throws IOException {
    try {
      Path checkpoint = pointer.read();
      return checkpoint != null && CheckpointPointer.isCheckpoint(checkpoint) ? checkpoint : null;
    } catch (UserError e) {
      return null;
    }
  }

  /** Where the checkpoint after an epoch is, counted from 0. */
  public Path checkpoint(int epoch) {
    return checkpoints().resolve("epoch-%04d".formatted(epoch + 1));
  }

  boolean pointsTo(Path checkpoint) throws IOException {
    return CheckpointPointer.isCheckpoint(checkpoint)
        && (checkpoint.equals(pointer("last").read()) || checkpoint.equals(pointer("best").read()));
  }

  public void setBest(Path checkpoint) throws IOException {
    pointer("best").set(checkpoint);
  }

  public void setLast(Path checkpoint) throws IOException {
    pointer("last").set(checkpoint);
  }

  /**
   * Removes checkpoints other than the best and the last, and what a killed run left half written;
   * whatever else is there stays.
   */
  public void prune() throws IOException {
    Path best = best();
    Path last = last();
    for (Path p : own().folders()) {
      if (!p.equals(best) && !p.equals(last)) {
        Checkpoint.delete(p);
      }
    }
  }

  /** Removes what a run wrote here, so that another can take its place; anything else stays. */
  public void clear() throws IOException {
    if (!isUsed()) {
      return;
    }
    try (RunLock _ = lock()) {
      for (Path p : own().folders()) {
        Checkpoint.delete(p);
      }
      if (Files.exists(checkpoints()) && OwnCheckpoints.list(checkpoints()).isEmpty()) {
        Files.delete(checkpoints());
      }
      for (Path p : OwnCheckpoints.list(root)) {
        if (OF_A_RUN.matcher(p.getFileName().toString()).matches()) {
          Files.delete(p);
        }
      }
    }
  }

  private CheckpointPointer pointer(String name) {
    return new CheckpointPointer(root.resolve(name), checkpoints());
  }

  /** The checkpoints that the run itself has made. */
  OwnCheckpoints own() {
    return new OwnCheckpoints(checkpoints());
  }
}
