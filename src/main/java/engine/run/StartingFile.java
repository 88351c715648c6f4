package engine.run;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file or folder that a run starts from, and which of its sets of weights.
 *
 * @param key null for the one that is taken by itself
 */
public record StartingFile(Path path, String key) {
  /**
   * @param text a path; what follows its last {@code #} is a key, unless there is a file of the
   *     whole name
   */
  public static StartingFile of(String text) {
    int mark = text.lastIndexOf('#');
    return mark > 0 && mark < text.length() - 1 && !Files.exists(Path.of(text))
        ? new StartingFile(Path.of(text.substring(0, mark)), text.substring(mark + 1))
        : new StartingFile(Path.of(text), null);
  }
}
