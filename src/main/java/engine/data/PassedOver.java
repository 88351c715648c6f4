package engine.data;

import engine.data.image.ImageFormat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts files that are no pictures to be read, by what their names end in. */
final class PassedOver {
  private static final int KINDS = 8;
  private static final int LONGEST = 10;

  private final Map<String, Integer> counts = new HashMap<>();
  private int total;
  private ImageFormat unread;

  /**
   * @param format of the file, one that is not read; null if it is no picture
   */
  void add(Path file, ImageFormat format) {
    total++;
    unread = unread == null ? format : unread;
    counts.merge(kind(file, format), 1, Integer::sum);
  }

  private static String kind(Path file, ImageFormat format) {
    String name = String.valueOf(file.getFileName());
    String extension = name.substring(name.lastIndexOf('.') + 1);
    if (name.indexOf('.') < 0 || extension.isEmpty()) {
      return format == null ? "without an extension" : format.title() + " without an extension";
    }
    boolean plain =
        extension.length() <= LONGEST
            && extension.chars().allMatch(c -> c < 0x7f && Character.isLetterOrDigit(c));
    return plain ? "." + extension.toLowerCase(Locale.ROOT) : "of other kinds";
  }

  /** Adds to {@code to} a sentence, as in "12 files were passed over: 7 .heic, 5 .txt", or none. */
  void say(Path where, List<String> to) {
    if (total == 0) {
      return;
    }
    List<Map.Entry<String, Integer>> most =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    StringBuilder out = new StringBuilder("%,d ".formatted(total));
    out.append(total == 1 ? "file" : "files").append(" in ").append(where);
    out.append(total == 1 ? " was passed over: " : " were passed over: ");
    int named = 0;
    for (Map.Entry<String, Integer> e : most.subList(0, Math.min(KINDS, most.size()))) {
      out.append(named == 0 ? "" : ", ").append("%,d ".formatted(e.getValue())).append(e.getKey());
      named += e.getValue();
    }
    if (named < total) {
      out.append(", %,d of yet other kinds".formatted(total - named));
    }
    if (unread != null) {
      out.append("; %s is not read: %s".formatted(unread.titled(), unread.advice()));
    }
    to.add(out.toString());
  }
}
