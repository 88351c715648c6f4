package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.Pages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;

/** Every command of the engine that a page shows is one that the engine takes. */
final class DocumentedCommandsTest {
  private static final Pattern OPTION = Pattern.compile("(--[a-z][a-z0-9-]*)(?:[ =].*)?");

  private static final CommandLine ENGINE =
      new CommandLine(Main.class).setCaseInsensitiveEnumValuesAllowed(true);

  static {
    for (CommandLine command : ENGINE.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
    }
  }

  @Test
  void shownCommandsAreUnderstood() throws IOException {
    List<String> wrong = new ArrayList<>();
    int seen = 0;
    for (Path page : Pages.all()) {
      for (String block : Pages.blocks(page)) {
        for (String command : commands(block)) {
          seen++;
          parse(command, true).ifPresent(e -> wrong.add(page + ": " + command + ": " + e));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(seen > 40, seen + " commands");
  }

  /** Inside a text a command may lack what it needs, and name what a reader puts there. */
  @Test
  void namedCommandsAndTheirOptionsExist() throws IOException {
    List<String> wrong = new ArrayList<>();
    for (Path page : Pages.all()) {
      for (String code : Pages.inline(page)) {
        if (code.matches("(\\./)?engine [a-z].*")) {
          parse(code.replaceFirst("^(\\./)?engine ", ""), false)
              .ifPresent(e -> wrong.add(page + ": " + code + ": " + e));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void namedOptionsExist() throws IOException {
    Set<String> options = new TreeSet<>();
    collect(ENGINE, options);
    String scripts = scripts();
    List<String> unknown = new ArrayList<>();
    for (Path page : Pages.all()) {
      for (String code : Pages.inline(page)) {
        Matcher m = OPTION.matcher(code);
        if (m.matches() && !options.contains(m.group(1)) && !scripts.contains(m.group(1))) {
          unknown.add(page + ": " + code);
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void theTestTellsWhatIsNotUnderstood() {
    assertEquals(Optional.empty(), parse("train --data demo", true));
    assertFalse(parse("train --data demo --no-such-option", true).isEmpty());
    assertFalse(parse("train --data demo --epochs many", true).isEmpty());
    assertFalse(parse("export --checkpoint runs/a", true).isEmpty());
    assertEquals(Optional.empty(), parse("export --checkpoint runs/a", false));
    assertFalse(parse("paint --data demo", false).isEmpty());
    assertEquals(
        List.of("train --data demo"), commands("$ ./engine train --data demo    # as ever\nout\n"));
    assertEquals(List.of("man train"), commands("./engine man train | man -l -\n"));
  }

  /** What {@code inspect kernel} is shown to print is what it prints. */
  @Test
  void shownKernelsAreAsTheSoftwareGpuShowsThem() throws IOException {
    int shown = 0;
    for (Path page : Pages.all()) {
      for (String block : Pages.blocks(page)) {
        if (block.startsWith("$ ./engine inspect kernel ")) {
          List<String> lines = block.lines().toList();
          String[] words = lines.get(0).substring("$ ./engine ".length()).split(" ");
          List<String> out = CliRun.of((Object[]) words).assertSucceeds().out().lines().toList();
          for (String line : lines.subList(1, lines.size())) {
            assertTrue(line.equals("…") || out.contains(line), page + ": " + line);
          }
          shown++;
        }
      }
    }
    assertTrue(shown > 0);
  }

  /** The engine's command lines in a block of code, without comments. */
  private static List<String> commands(String block) {
    return block
        .lines()
        .map(l -> l.replaceFirst("^\\$ ", ""))
        .filter(l -> l.startsWith("./engine "))
        .map(l -> l.substring("./engine ".length()).replaceFirst("\\s+[#|>] .*", "").strip())
        .toList();
  }

  /** What is wrong with a command line; nothing if the engine takes it. */
  private static Optional<String> parse(String command, boolean whole) {
    String[] words =
        Stream.of(command.split("\\s+"))
            .filter(w -> !w.equals("…"))
            .map(w -> w.startsWith("-") ? w : w.split("\\|")[0])
            .toArray(String[]::new);
    try {
      ENGINE.parseArgs(words);
      return Optional.empty();
    } catch (MissingParameterException e) {
      return whole ? Optional.of(e.getMessage()) : Optional.empty();
    } catch (ParameterException e) {
      return Optional.of(e.getMessage());
    }
  }

  private static void collect(CommandLine command, Set<String> options) {
    command.getCommandSpec().options().forEach(o -> options.addAll(List.of(o.names())));
    command.getSubcommands().values().forEach(c -> collect(c, options));
  }

  /** The text of the scripts of this repository, which have options of their own. */
  private static String scripts() throws IOException {
    StringBuilder all = new StringBuilder(Files.readString(Path.of("check")));
    all.append(Files.readString(Path.of("engine")));
    try (Stream<Path> files = Files.walk(Path.of("bench"))) {
      for (Path file :
          files.filter(p -> Files.isExecutable(p) && Files.isRegularFile(p)).toList()) {
        all.append(Files.readString(file));
      }
    }
    return all.toString();
  }
}
