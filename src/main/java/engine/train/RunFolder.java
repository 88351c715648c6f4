package engine.train;

import engine.base.UserError;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The folder of a run: its files by name, and which checkpoints are the best and the last. */
public final class RunFolder {
  private final Path root;

  public RunFolder(Path root) {
    this.root = root;
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
    return root.resolve("checkpoints");
  }

  /** The folder of the best checkpoint, or null before the first. */
  public Path best() throws IOException {
    return pointer("best");
  }

  /** The folder of the last checkpoint, or null before the first. */
  public Path last() throws IOException {
    return pointer("last");
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

  private Path pointer(String name) throws IOException {
    Path file = root.resolve(name);
    if (!Files.isRegularFile(file)) {
      return null;
    }
    Path folder = checkpoints().resolve(Files.readString(file).strip());
    if (!Files.isRegularFile(folder.resolve(Checkpoint.MODEL))) {
      throw new UserError(
          file
              + " points to "
              + folder
              + ", which is not there: the run folder is damaged, start a new run");
    }
    return folder;
  }

  private static List<Path> list(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> s = Files.list(folder)) {
      return s.toList();
    }
  }

  static void delete(Path folder) throws IOException {
    try (Stream<Path> s = Files.walk(folder)) {
      for (Path p : s.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(p);
      }
    }
  }
}
