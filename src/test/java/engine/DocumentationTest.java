package engine;

import static engine.Pages.README;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * README.md is short and shows what was measured; every page of docs/ can be found and leads
 * somewhere.
 */
final class DocumentationTest {
  private static final Path INDEX = Path.of("docs/README.md");

  @Test
  void theReadmeIsAFrontPage() throws IOException {
    long size = Files.size(README);
    assertTrue(size <= 10_000, size + " bytes: what is longer belongs into docs");
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    List<String> broken = new ArrayList<>();
    for (Path page : Pages.all()) {
      for (String link : Pages.links(page)) {
        String[] parts = link.split("#", 2);
        Path target = parts[0].isEmpty() ? page : beside(page, parts[0]);
        if (!Files.exists(target) || (parts.length == 2 && !anchors(target).contains(parts[1]))) {
          broken.add(page + ": " + link);
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyPageIsReachedFromTheReadmeAndStandsInTheIndex() throws IOException {
    Set<Path> reached = new TreeSet<>(Set.of(README));
    Deque<Path> open = new ArrayDeque<>(reached);
    while (!open.isEmpty()) {
      for (Path page : targets(open.pop())) {
        if (page.toString().endsWith(".md") && reached.add(page)) {
          open.push(page);
        }
      }
    }
    List<Path> indexed = targets(INDEX);
    for (Path page : Pages.all()) {
      assertTrue(reached.contains(page), page + " is not reached from README.md");
      assertTrue(
          !Path.of("docs").equals(page.getParent()) || indexed.contains(page) || page.equals(INDEX),
          page + " is no line of docs/README.md");
    }
  }

  @Test
  void theTableOfFiguresIsMadeOfTheMeasurements() throws Exception {
    Process made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "bench/peers/Table.java")
            .redirectErrorStream(true)
            .start();
    String table = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, made.waitFor(), table);
    assertTrue(table.lines().count() > 15, table);
    assertTrue(
        Files.readString(README).contains("-->\n" + table + "<!-- end of the table -->"),
        "java bench/peers/Table.java --write puts it right");
  }

  @Test
  void theRunThatTheReadmeShowsIsTheCommittedOne() throws IOException {
    List<String> epochs = Files.readAllLines(Path.of("bench/results/demo/resnet50-thin.jsonl"));
    JsonObject last = JsonParser.parseString(epochs.getLast()).getAsJsonObject();
    String line =
        String.format(
            Locale.ROOT,
            "epoch %d/30  train loss %.4f  val loss %.4f  val accuracy %.1f %%  macro-F1 %.4f  lr 2.74e-6"
                + "  %.0f img/s  %.1f s  best\n",
            last.get("epoch").getAsInt(),
            last.get("train_loss").getAsDouble(),
            last.get("val_loss").getAsDouble(),
            100 * last.get("val_accuracy").getAsDouble(),
            last.get("val_macro_f1").getAsDouble(),
            last.get("images_s").getAsDouble(),
            last.get("seconds").getAsDouble());
    assertTrue(Files.readString(README).contains(line), line);
  }

  /** {@code check} and CI run what a reader sees on the front page. */
  @Test
  void whatTheReadmeShowsIsRun() throws IOException {
    String scripts = Files.readString(Path.of("check")) + Files.readString(Path.of(".ci/run"));
    assertTrue(Pattern.compile("(?m)^\\./check$").matcher(scripts).find(), "CI runs ./check");
    for (String command :
        List.of(
            "train --data demo",
            "train --resume",
            "eval",
            "predict",
            "quantize",
            "export",
            "doctor")) {
      assertTrue(scripts.contains("./engine " + command), command);
    }
  }

  /** The files that a page leads to. */
  private static List<Path> targets(Path page) throws IOException {
    return Pages.links(page).stream()
        .filter(l -> !l.startsWith("#"))
        .map(l -> beside(page, l.split("#")[0]))
        .toList();
  }

  private static Path beside(Path page, String link) {
    return page.resolveSibling(link).normalize();
  }

  /** The headings of a page as links name them. */
  private static Set<String> anchors(Path page) throws IOException {
    return Pages.prose(page)
        .lines()
        .filter(l -> l.startsWith("#"))
        .map(l -> l.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
        .map(l -> l.replaceAll("[^\\w -]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }
}
