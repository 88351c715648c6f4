package engine.train;

import engine.base.UserError;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The folder of a run: its files by name, and which checkpoints are the best and the last. */
public final class RunFolder {
  private static final Pattern OF_A_CHECKPOINT =
      Pattern.compile("epoch-\\d+(-batch-\\d+)?|\\.epoch-.*\\.part");
  private static final Pattern OF_A_RUN =
      Pattern.compile(
          "last|best|config\\.json|metrics\\.jsonl|report\\.(html|json|png)|events\\.out\\.tfevents\\..*");

  /** From a run folder to a file of a checkpoint: checkpoints, the checkpoint, the file. */
  private static final int DEEPEST = 3;

  private final Path root;

  public RunFolder(Path root) {
    this.root = root;
  }

  /**
   * Makes a new folder: {@code wanted}, or the first of {@code wanted-2}, {@code wanted-3}, … that
   * is not there yet. Of two processes that ask at once each gets one of its own.
   *
   * @throws UserError if none can be made
   */
  public static RunFolder claim(Path wanted) {
    try {
      if (wanted.getParent() != null) {
        Files.createDirectories(wanted.getParent());
      }
      for (int i = 1; ; i++) {
        Path folder = i == 1 ? wanted : wanted.resolveSibling(wanted.getFileName() + "-" + i);
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        try {
          return new RunFolder(Files.createDirectory(folder));
        } catch (FileAlreadyExistsException e) {
          // Another process was faster: the next name.
        }
      }
    } catch (IOException e) {
      throw unusable(wanted, e);
    }
  }

  /** Removes the folder again if nothing was written into it. */
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
          root + " holds a run already: choose another --out, or go on with --resume " + root);
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

  /** Held while a process trains in the folder. */
  record Lock(FileChannel channel) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * Makes the folder if need be and keeps other processes from training in it until the result is
   * closed, or this process ends, however it ends.
   *
   * @throws UserError if it cannot be made or another process has it
   */
  Lock lock() {
    try {
      Files.createDirectories(root);
      FileChannel channel =
          FileChannel.open(
              lockFile(),
              StandardOpenOption.CREATE,
              StandardOpenOption.WRITE,
              LinkOption.NOFOLLOW_LINKS);
      if (tryLock(channel)) {
        return new Lock(channel);
      }
      channel.close();
    } catch (IOException e) {
      throw unusable(root, e);
    }
    throw new UserError(
        "another process is training in " + root + ": wait until it ends, or choose another --out");
  }

  private static boolean tryLock(FileChannel channel) {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    } catch (IOException e) {
      return true; // a file system without locks: nobody can be kept out
    }
  }

  private static UserError unusable(Path root, IOException e) {
    return new UserError(
        switch (e) {
          case FileAlreadyExistsException f ->
              f.getFile() + " is a file, not a folder: choose another --out";
          case AccessDeniedException a ->
              "no permission to write in " + root + ": choose another --out";
          default ->
              "the run folder %s cannot be used (%s): choose another --out"
                  .formatted(root, reason(e));
        },
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no folder can be made there";
    }
    String text = String.valueOf(e.getMessage());
    return text.contains("No space left") ? "its disk is full" : text;
  }

  /** The folder of the best checkpoint, or null before the first. */
  public Path best() throws IOException {
    return existing("best");
  }

  /** The folder of the last checkpoint, or null before the first. */
  public Path last() throws IOException {
    return existing("last");
  }

  /**
   * The checkpoint to go on from, or null before the first: the last one, or the best where the
   * user removed the last since it was damaged. A run gives the same bits from either.
   */
  Path resumable() throws IOException {
    Path last = pointer("last");
    Path best = bestOrNull();
    return last != null && !isCheckpoint(last) && best != null ? best : last();
  }

  /** The folder of the best checkpoint, or null if there is none, for whatever reason. */
  Path bestOrNull() throws IOException {
    Path best = pointer("best");
    return best != null && isCheckpoint(best) ? best : null;
  }

  boolean pointsTo(Path checkpoint) throws IOException {
    return isCheckpoint(checkpoint)
        && (checkpoint.equals(pointer("last")) || checkpoint.equals(pointer("best")));
  }

  void setBest(Path checkpoint) throws IOException {
    AtomicFiles.writeString(root.resolve("best"), checkpoint.getFileName() + "\n");
  }

  void setLast(Path checkpoint) throws IOException {
    AtomicFiles.writeString(root.resolve("last"), checkpoint.getFileName() + "\n");
  }

  /**
   * Removes checkpoints other than the best and the last, and what a killed run left half written.
   */
  void prune() throws IOException {
    Path best = best();
    Path last = last();
    for (Path p : list(checkpoints())) {
      if (!p.equals(best) && !p.equals(last)) {
        delete(p);
      }
    }
  }

  /** Removes what a run wrote here, so that another can take its place; anything else stays. */
  void clear() throws IOException {
    if (!isUsed()) {
      return;
    }
    try (Lock _ = lock()) {
      for (Path p : list(checkpoints())) {
        if (OF_A_CHECKPOINT.matcher(p.getFileName().toString()).matches()) {
          delete(p);
        }
      }
      if (Files.exists(checkpoints()) && list(checkpoints()).isEmpty()) {
        Files.delete(checkpoints());
      }
      for (Path p : list(root)) {
        if (OF_A_RUN.matcher(p.getFileName().toString()).matches()) {
          Files.delete(p);
        }
      }
    }
  }

  private Path existing(String name) throws IOException {
    Path folder = pointer(name);
    if (folder != null && !isCheckpoint(folder)) {
      throw new UserError(
          root.resolve(name)
              + " points to "
              + folder
              + ", which is not there: the run folder is damaged, start a new run");
    }
    return folder;
  }

  private static boolean isCheckpoint(Path folder) {
    return Files.isRegularFile(folder.resolve(Checkpoint.MODEL));
  }

  private Path pointer(String name) throws IOException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    try {
      Path target = Path.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8).strip());
      if (target.getNameCount() == 1 && !target.isAbsolute() && !target.toString().isEmpty()) {
        return checkpoints().resolve(target);
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new UserError(
        file
            + " does not name a checkpoint: write the name of a folder in "
            + checkpoints()
            + " into it");
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> s = Files.list(folder)) {
      return s.toList();
    }
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void delete(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> s = Files.walk(folder)) {
      for (Path p : s.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
