package engine.data;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;

/**
 * What systems leave in folders without being asked: it is neither read nor counted. All names that
 * begin with a dot ({@code .DS_Store}, {@code ._x.jpg}, {@code .ipynb_checkpoints}), a few others,
 * and what the engine writes beside the demo set.
 */
final class Litter {
  private static final Set<String> NAMES =
      Set.of(
          "thumbs.db",
          "ehthumbs.db",
          "desktop.ini",
          "icon\r",
          "__macosx",
          "@eadir",
          "$recycle.bin",
          "system volume information",
          "lost+found",
          "demo-set.txt");

  private Litter() {}

  static boolean is(Path entry) {
    String name = String.valueOf(entry.getFileName());
    return name.startsWith(".") || NAMES.contains(name.toLowerCase(Locale.ROOT));
  }
}
