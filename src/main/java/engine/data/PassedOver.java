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

  void addAll(PassedOver other) {
    total += other.total;
    unread = unread == null ? other.unread : unread;
    other.counts.forEach((kind, n) -> counts.merge(kind, n, Integer::sum));
  }

  /** What no picture could ever be read from. */
  void addPipeOrDevice() {
    total++;
    counts.merge("pipe, socket or device", 1, Integer::sum);
  }

  boolean isEmpty() {
    return total == 0;
  }

  /**
   * As in "12 files in photos were passed over: 7 .heic, 5 .txt; a HEIC picture is not read:
   * convert it to JPEG or PNG".
   *
   * @param where a folder, or how many
   */
  String sentence(String where) {
    return "%,d %s in %s %s passed over: %s%s"
        .formatted(
            total,
            total == 1 ? "file" : "files",
            where,
            total == 1 ? "was" : "were",
            kinds(),
            advice());
  }

  /**
   * To follow words that say that there are no pictures, as in ", but 7 .heic, 5 .txt: name picture
   * files; a HEIC picture is not read: convert it to JPEG or PNG".
   *
   * @param todo what the user should do
   */
  String instead(String todo) {
    return (total == 0 ? "" : ", but " + kinds()) + ": " + todo + advice();
  }

  private String advice() {
    return unread == null ? "" : "; %s is not read: %s".formatted(unread.titled(), unread.advice());
  }

  /** The most frequent ones first, as in "7 .heic, 5 .txt". */
  private String kinds() {
    List<Map.Entry<String, Integer>> most =
        counts.entrySet().stream()
            .sorted(
                Map.Entry.<String, Integer>comparingByValue()
                    .reversed()
                    .thenComparing(Map.Entry.comparingByKey()))
            .toList();
    StringBuilder out = new StringBuilder();
    int named = 0;
    for (Map.Entry<String, Integer> e : most.subList(0, Math.min(KINDS, most.size()))) {
      out.append(named == 0 ? "" : ", ").append("%,d ".formatted(e.getValue())).append(e.getKey());
      named += e.getValue();
    }
    if (named < total) {
      out.append(", %,d of yet other kinds".formatted(total - named));
    }
    return out.toString();
  }
}
