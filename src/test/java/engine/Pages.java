package engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The pages that people read: README.md, docs/ and those of bench/; taken apart for the tests. */
public final class Pages {
  public static final Path README = Path.of("README.md");

  private static final Pattern BLOCK = Pattern.compile("(?ms)^```\\w*\\n(.*?)^```$");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern CODE = Pattern.compile("`([^`\\n]+)`");

  private Pages() {}

  public static List<Path> all() throws IOException {
    List<Path> pages = new ArrayList<>(List.of(README));
    for (String folder : List.of("docs", "bench")) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        all.filter(p -> p.toString().endsWith(".md")).sorted().forEach(pages::add);
      }
    }
    return pages;
  }

  /** The links of a page that lead to another file, or inside the page. */
  static List<String> links(Path page) throws IOException {
    return matches(LINK, prose(page)).stream().filter(l -> !l.contains("://")).toList();
  }

  /** A page without its blocks of code. */
  static String prose(Path page) throws IOException {
    return BLOCK.matcher(Files.readString(page)).replaceAll("");
  }

  /** The blocks of code of a page. */
  public static List<String> blocks(Path page) throws IOException {
    return matches(BLOCK, Files.readString(page));
  }

  /** What stands between backticks inside a text. */
  public static List<String> inline(Path page) throws IOException {
    return matches(CODE, prose(page));
  }

  private static List<String> matches(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(m -> m.group(1)).toList();
  }
}
