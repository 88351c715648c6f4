package engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The files, packages and classes that pages name between backticks are there. */
final class DocumentedNamesTest {
  private static final Path MAIN = Path.of("src/main/java/engine");
  private static final Pattern PATH = Pattern.compile("[\\w.-]+(/[\\w.*-]+)+/?");
  private static final Pattern QUALIFIED = Pattern.compile("(?:engine\\.)?[a-z0-9]+(\\.\\w+)+");
  private static final Pattern CLASS =
      Pattern.compile("([A-Z]\\w*[a-z]\\w*)\\.([a-z]\\w*)|([A-Z][a-z0-9]+[A-Z]\\w*)");
  private static final Pattern FILE =
      Pattern.compile("\\w+\\.(json|jsonl|html|png|safetensors|csv|tsv|txt|yaml|onnx|db)");

  /** What a reader puts something in the place of: {@code runs/NAME}. */
  private static final Pattern PLACEHOLDER = Pattern.compile("\\b[A-Z]{2,}\\b");

  /** Names of other programs, and of users, that look like classes of this one. */
  private static final Set<String> FOREIGN =
      Set.of("AttributeDict", "TensorBoard", "NaN", "TestSet");

  private final Map<String, List<Path>> classes = classes();

  DocumentedNamesTest() throws IOException {}

  @Test
  void pathsAndClassesThatPagesNameExist() throws IOException {
    List<String> unknown = new ArrayList<>();
    for (Path page : Pages.all()) {
      for (String code : Pages.inline(page)) {
        for (String word : code.split("[\\s,;:]+")) {
          if (!exists(word)) {
            unknown.add(page + ": `" + word + "`");
          }
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void theTestTellsWhatDoesNotExist() throws IOException {
    for (String word :
        List.of(
            "docs/data.md",
            "bench/results/*.csv",
            "autograd/Tape.java",
            "engine.quant",
            "quant.QuantSpec",
            "Warp.run",
            "photos/train",
            "model.safetensors",
            "System.out",
            "cuda/NAME.cu")) {
      assertTrue(exists(word), word);
    }
    for (String word :
        List.of(
            "docs/nothing.md",
            "bench/results/*.zip",
            "autograd/Nothing.java",
            "engine.nothing",
            "quant.Nothing",
            "Warp.unknownMember",
            "NothingAtAll")) {
      assertFalse(exists(word), word);
    }
  }

  @Test
  void theMapOfTheReadmeHasEveryPackage() throws IOException {
    Set<String> mapped = new TreeSet<>();
    String map = Files.readString(Pages.README).split("## Map of the code")[1];
    for (String row : map.lines().filter(l -> l.startsWith("| `")).toList()) {
      Pattern.compile("`(\\w+)`")
          .matcher(row.split("\\|")[1])
          .results()
          .forEach(m -> mapped.add(m.group(1)));
    }
    try (Stream<Path> folders = Files.list(MAIN)) {
      assertEquals(
          folders
              .map(p -> p.getFileName().toString())
              .collect(Collectors.toCollection(TreeSet::new)),
          mapped);
    }
  }

  /** Whether a word names nothing of this tree, or something that is there. */
  private boolean exists(String word) throws IOException {
    String bare = word.replaceFirst("^\\./", "");
    if (PLACEHOLDER.matcher(word).find()) {
      return true;
    }
    if (PATH.matcher(bare).matches()) {
      return pathExists(bare);
    }
    Matcher simple = CLASS.matcher(word);
    if (simple.matches()) {
      String name = simple.group(1) == null ? simple.group(3) : simple.group(1);
      return FOREIGN.contains(name)
          || isOfTheJdk(name)
          || FILE.matcher(word).matches()
          || has(classes.getOrDefault(name, List.of()), simple.group(2));
    }
    return !QUALIFIED.matcher(word).matches()
        || FILE.matcher(word).matches()
        || qualifiedExists(word);
  }

  private static boolean pathExists(String name) throws IOException {
    Path path = Path.of(name);
    if (Files.exists(path) || Files.exists(MAIN.resolve(path))) {
      return true;
    }
    Path top = path.getName(0);
    if (!Files.exists(top) && !Files.exists(MAIN.resolve(top))) {
      return true; // of a user, or of another program
    }
    if (top.equals(Path.of("target"))) {
      return true; // what the build makes
    }
    Path folder = path.getParent();
    if (!name.contains("*") || !Files.isDirectory(folder)) {
      return false;
    }
    try (var found = Files.newDirectoryStream(folder, path.getFileName().toString())) {
      return found.iterator().hasNext();
    }
  }

  private boolean qualifiedExists(String word) throws IOException {
    Path folder = MAIN;
    String[] parts = word.replaceFirst("^engine\\.", "").split("\\.");
    if (!word.startsWith("engine.") && !Files.isDirectory(MAIN.resolve(parts[0]))) {
      return true; // of another program
    }
    for (int i = 0; i < parts.length; i++) {
      Path file = folder.resolve(parts[i] + ".java");
      if (Files.exists(file)) {
        return has(List.of(file), i + 1 == parts.length ? null : parts[i + 1]);
      }
      folder = folder.resolve(parts[i]);
    }
    return Files.isDirectory(folder);
  }

  private static boolean isOfTheJdk(String name) {
    for (String of : List.of("java.lang.", "java.util.")) {
      try {
        Class.forName(of + name);
        return true;
      } catch (ClassNotFoundException e) {
        // the next
      }
    }
    return false;
  }

  /** Whether one of the files is there and speaks of the member, if one is asked for. */
  private static boolean has(List<Path> files, String member) throws IOException {
    for (Path file : files) {
      if (member == null
          || Pattern.compile("\\b" + member + "\\b\\s*[(;=,]")
              .matcher(Files.readString(file))
              .find()) {
        return true;
      }
    }
    return false;
  }

  /** Every class with a file of its own, by its simple name. */
  private static Map<String, List<Path>> classes() throws IOException {
    Map<String, List<Path>> classes = new HashMap<>();
    for (String folder : List.of("src/main/java", "src/test/java", "jextract", "bench")) {
      try (Stream<Path> all = Files.walk(Path.of(folder))) {
        all.filter(p -> p.toString().endsWith(".java"))
            .forEach(
                p ->
                    classes
                        .computeIfAbsent(
                            p.getFileName().toString().replace(".java", ""), n -> new ArrayList<>())
                        .add(p));
      }
    }
    return classes;
  }
}
