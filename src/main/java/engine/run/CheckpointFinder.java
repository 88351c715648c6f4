package engine.run;

import engine.base.Suggestion;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which model file a path means that a user gave: whatever folder a command has named will do. */
public final class CheckpointFinder {
  /** What the folder of checkpoints in a run folder is called. */
  static final String CHECKPOINTS = "checkpoints";

  private static final Set<String> POINTERS = Set.of("best", "last");
  private static final int NAMED = 5;

  private CheckpointFinder() {}

  /**
   * The model file of a run folder (its best checkpoint), of its {@code checkpoints}, of {@code
   * best} or {@code last} in either, of a checkpoint folder, of a folder with one of those in it,
   * or the file itself; of a checkpoint with an average of weights, the average.
   *
   * @throws UserError if there is none, or if there are several to choose from
   */
  public static Path find(Path where) throws IOException {
    if (isPointer(where)) {
      return pointed(where);
    }
    if (Files.isRegularFile(where)) {
      return where;
    }
    if (!Files.isDirectory(where)) {
      throw new UserError(
          "there is no checkpoint %s: give a run folder such as runs/NAME%s"
              .formatted(where, Suggestion.beside(where, Files::isDirectory)));
    }
    Path file = inFolder(where);
    if (file == null && isCheckpoints(where)) {
      file = inFolder(parent(where));
    }
    return file != null ? file : onlyOne(where);
  }

  /** Whether a path is {@code best} or {@code last} of a run, also as if it were a folder of it. */
  private static boolean isPointer(Path where) {
    Path name = where.getFileName();
    return name != null
        && POINTERS.contains(name.toString())
        && !Files.isDirectory(where)
        && Files.isRegularFile(pointer(where));
  }

  private static Path pointer(Path where) {
    Path folder = parent(where);
    return isCheckpoints(folder) ? parent(folder).resolve(where.getFileName()) : where;
  }

  private static Path pointed(Path where) throws IOException {
    RunFolder run = new RunFolder(parent(pointer(where)));
    boolean best = where.getFileName().toString().equals("best");
    return Checkpoint.answering(best ? run.best() : run.last());
  }

  private static boolean isCheckpoints(Path folder) {
    return folder != null
        && folder.getFileName() != null
        && folder.getFileName().toString().equals(CHECKPOINTS);
  }

  private static Path parent(Path where) {
    Path parent = where.getParent();
    return parent != null ? parent : where.toAbsolutePath().getParent();
  }

  /** The model file of a checkpoint folder or a run folder, or null if it is neither. */
  private static Path inFolder(Path folder) throws IOException {
    if (Files.isRegularFile(folder.resolve(Checkpoint.MODEL))) {
      return Checkpoint.answering(folder);
    }
    Path best = new RunFolder(folder).best();
    return best == null ? null : Checkpoint.answering(best);
  }

  private static Path onlyOne(Path where) throws IOException {
    List<Path> inside = inside(where);
    if (inside.isEmpty()) {
      throw new UserError(where + " holds no finished checkpoint: train it for at least one epoch");
    }
    if (inside.size() == 1) {
      return inFolder(inside.getFirst());
    }
    String names =
        inside.stream().limit(NAMED).map(Path::toString).collect(Collectors.joining(", "));
    throw new UserError(
        "%s holds %d checkpoints: give one of %s%s"
            .formatted(where, inside.size(), names, inside.size() > NAMED ? ", …" : ""));
  }

  /**
   * The checkpoint and run folders directly in a folder, and in its {@code checkpoints}, sorted by
   * name; none of those that were saved amid an epoch.
   */
  static List<Path> inside(Path folder) throws IOException {
    List<Path> out = new ArrayList<>();
    for (Path in : List.of(folder, folder.resolve(CHECKPOINTS))) {
      if (Files.isDirectory(in)) {
        try (Stream<Path> s = Files.list(in)) {
          s.filter(CheckpointFinder::isOne).sorted().forEach(out::add);
        }
      }
    }
    return out;
  }

  private static boolean isOne(Path folder) {
    try {
      return Files.isRegularFile(folder.resolve(Checkpoint.MODEL))
          ? !folder.getFileName().toString().contains("-batch-")
              && !folder.getFileName().toString().startsWith(".")
          : new RunFolder(folder).bestOrNull() != null;
    } catch (IOException | UserError e) {
      return false;
    }
  }
}
