package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The keys that a section of docs/json.md lists, to hold JSON to. {@code a.b} is the key b in a;
 * {@code *} stands for any name, at the end for all that follows.
 */
record JsonKeys(String section, List<List<String>> paths) {
  private static final Path PAGE = Path.of("docs/json.md");
  private static final Pattern KEY = Pattern.compile("`([^`]+)`");
  private static final Pattern SNAKE = Pattern.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*");

  /** The keys in the tables of the section with this title. */
  static JsonKeys of(String section) throws IOException {
    List<List<String>> paths = new ArrayList<>();
    boolean within = false;
    for (String line : Files.readAllLines(PAGE)) {
      within = line.startsWith("## ") ? line.equals("## " + section) : within;
      if (within && line.startsWith("| `")) {
        KEY.matcher(line.split("\\|", 3)[1])
            .results()
            .forEach(m -> paths.add(List.of(m.group(1).split("\\."))));
      }
    }
    assertFalse(paths.isEmpty(), PAGE + " lists nothing under " + section);
    return new JsonKeys(section, List.copyOf(paths));
  }

  /** Fails where a key of {@code json} is not in snake case, or not on the page. */
  void check(JsonElement json) {
    Set<String> wrong = new TreeSet<>();
    walk(List.of(), json, wrong);
    assertEquals(Set.of(), wrong, () -> "not in " + PAGE + " under " + section + ": " + json);
  }

  private void walk(List<String> above, JsonElement json, Set<String> wrong) {
    if (json instanceof JsonArray list) {
      list.forEach(e -> walk(above, e, wrong));
    } else if (json instanceof JsonObject object) {
      for (String key : object.keySet()) {
        List<String> path = new ArrayList<>(above);
        path.add(key);
        if (!isListed(path)) {
          wrong.add(String.join(".", path));
        }
        walk(path, object.get(key), wrong);
      }
    }
  }

  private boolean isListed(List<String> path) {
    return paths.stream().anyMatch(listed -> fits(listed, path));
  }

  private static boolean fits(List<String> listed, List<String> path) {
    boolean open = listed.getLast().equals("*");
    if (path.size() > listed.size() && !open) {
      return false;
    }
    for (int i = 0; i < path.size(); i++) {
      String wanted = i < listed.size() ? listed.get(i) : "*";
      boolean isData = wanted.equals("*") && i < listed.size() - 1;
      if (!isData && !SNAKE.matcher(path.get(i)).matches()
          || !wanted.equals("*") && !wanted.equals(path.get(i))) {
        return false;
      }
    }
    return true;
  }
}
