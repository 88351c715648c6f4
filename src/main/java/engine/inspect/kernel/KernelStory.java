package engine.inspect.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The comment that a kernel file begins with: what it is about, and a table of its versions. */
public final class KernelStory {
  private final List<String> lines;

  /** What the table's first two columns say: names, and the idea. */
  private final Map<String, String> ideas = new LinkedHashMap<>();

  private KernelStory(List<String> lines) {
    this.lines = lines;
    String names = null;
    for (String line : lines) {
      if (!line.startsWith("|") || line.startsWith("| -")) {
        continue;
      }
      List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
      if (!cells.get(1).isEmpty()) {
        names = cells.get(1);
      }
      ideas.merge(names, cells.get(2), (a, b) -> a + " " + b);
    }
  }

  /** That of a kernel file's text. */
  public static KernelStory of(String source) {
    List<String> lines = new ArrayList<>();
    for (String line : source.lines().toList()) {
      if (!line.startsWith("//")) {
        break;
      }
      lines.add(line.substring(2).strip());
    }
    return new KernelStory(lines);
  }

  List<String> lines() {
    return lines;
  }

  /** The table's idea of a kernel, or the file's first sentence where the table names none. */
  public String idea(String kernel) {
    for (Map.Entry<String, String> e : ideas.entrySet()) {
      if (Arrays.stream(e.getKey().split(", ")).anyMatch(n -> names(n.strip(), kernel))) {
        return e.getValue();
      }
    }
    String text = String.join(" ", lines);
    int end = text.indexOf(". ");
    return end < 0 ? text : text.substring(0, end);
  }

  /** {@code NAME_same}, {@code *_finish}, {@code average_pool(_backward)}, or the name itself. */
  private static boolean names(String cell, String kernel) {
    String pattern =
        cell.replace("(", "(?:").replace(")", ")?").replace("NAME", "\\w+").replace("*", "\\w+");
    return kernel.matches(pattern);
  }
}
