package engine.run;

import engine.base.UserError;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * A file of a run folder that names a checkpoint: {@code best} or {@code last}. Links are no such
 * file, since a run folder may be a stranger's.
 *
 * @param checkpoints folder of the checkpoint that it names
 */
record CheckpointPointer(Path file, Path checkpoints) {
  private static final int LONGEST_NAME = 1000;

  static boolean isCheckpoint(Path folder) {
    return Files.isRegularFile(folder.resolve(Checkpoint.MODEL));
  }

  /** Makes it name a checkpoint. */
  void set(Path checkpoint) throws IOException {
    AtomicFiles.writeString(file, checkpoint.getFileName() + "\n");
  }

  /**
   * The checkpoint, or null if there is no such file.
   *
   * @throws UserError if what it names is not there
   */
  Path existing() throws IOException {
    Path folder = read();
    if (folder != null && !isCheckpoint(folder)) {
      throw new UserError(
          file
              + " points to "
              + folder
              + ", which is not there: the run folder is damaged, start a new run");
    }
    return folder;
  }

  /**
   * Where the checkpoint would be, or null if there is no such file.
   *
   * @throws UserError if it names none
   */
  Path read() throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    try (InputStream in = Files.newInputStream(file)) {
      String said = new String(in.readNBytes(LONGEST_NAME), StandardCharsets.UTF_8).strip();
      if (!said.isEmpty() && !said.equals(".") && !said.equals("..")) {
        Path target = Path.of(said);
        if (target.getNameCount() == 1 && !target.isAbsolute()) {
          return checkpoints.resolve(target);
        }
      }
    } catch (InvalidPathException e) {
      // said below
    }
    throw new UserError(
        file
            + " does not name a checkpoint: write the name of a folder in "
            + checkpoints
            + " into it");
  }
}
