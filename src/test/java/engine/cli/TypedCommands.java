package engine.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Command lines as a person types them who stands in a folder, run in this process. A process
 * cannot change its folder: so names that are known to lie there are put there, and what is printed
 * is shown without the folder's name.
 */
final class TypedCommands {
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

  private final Path folder;
  private final Pattern ours;

  /** What a command did. */
  record Outcome(int code, String out, String err) {
    @Override
    public String toString() {
      return "exit " + code + "\n" + out + err;
    }
  }

  /**
   * @param folder where the person stands
   * @param names the first part of every name that lies there
   */
  TypedCommands(Path folder, String... names) {
    this.folder = folder;
    this.ours = Pattern.compile("(^|[=,:])(" + String.join("|", names) + ")(?=[/.-]|$)");
  }

  /** Runs what follows {@code engine}, with a shell's quotes, {@code < FILE} and {@code > FILE}. */
  Outcome run(String line) throws IOException {
    List<String> words = new ArrayList<>();
    Matcher word = WORD.matcher(line);
    while (word.find()) {
      String quoted = word.group(1) != null ? word.group(1) : word.group(2);
      words.add(there(quoted != null ? quoted : word.group(3)));
    }
    byte[] input = {};
    int from = words.indexOf("<");
    if (from >= 0) {
      input = Files.readAllBytes(Path.of(words.get(from + 1)));
      words = words.subList(0, from);
    }
    int to = words.indexOf(">");
    if (to < 0) {
      return run(words, input);
    }
    Outcome did = run(words.subList(0, to), input);
    Files.writeString(Path.of(words.get(to + 1)), did.out());
    return did;
  }

  private String there(String typed) {
    return ours.matcher(typed).replaceAll("$1" + Matcher.quoteReplacement(folder + "/") + "$2");
  }

  private Outcome run(List<String> words, byte[] input) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream stdout = System.out;
    InputStream stdin = System.in;
    try (PrintStream to = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      System.setOut(to);
      System.setIn(new ByteArrayInputStream(input));
      int code =
          Main.run(
              new PrintWriter(to, true),
              new PrintWriter(err, true, StandardCharsets.UTF_8),
              words.toArray(String[]::new));
      return new Outcome(code, seen(out), seen(err));
    } finally {
      System.setOut(stdout);
      System.setIn(stdin);
    }
  }

  private String seen(ByteArrayOutputStream out) {
    return out.toString(StandardCharsets.UTF_8).replace(folder + "/", "");
  }
}
