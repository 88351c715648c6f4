package engine.data.image;

import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** Counts files by format, for the sentence about those in a folder that were passed over. */
public final class FormatTally {
  private final Map<ImageFormat, Integer> counts = new EnumMap<>(ImageFormat.class);

  public void add(ImageFormat format) {
    counts.merge(format, 1, Integer::sum);
  }

  public int total() {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** As in "6 AVIF pictures, 1 video"; empty if nothing was counted. */
  @Override
  public String toString() {
    return counts.entrySet().stream()
        .map(e -> "%,d %s%s".formatted(e.getValue(), e.getKey().title(), plural(e.getValue())))
        .collect(Collectors.joining(", "));
  }

  private static String plural(int n) {
    return n == 1 ? "" : "s";
  }
}
