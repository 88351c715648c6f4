package engine.cli;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * The command line as {@code commands.txt} specifies it: each command is run in its order, and must
 * end with the exit code and print the lines that stand beneath it. How to read the file is said at
 * its beginning.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class CommandsTest {
  private static final String FILE = "/engine/cli/commands.txt";

  @TempDir static Path folder;

  /**
   * A command and what it must do.
   *
   * @param line as it is typed, after {@code engine}
   * @param code the exit code
   * @param lines what it prints; {@code …} stands for anything
   */
  record Expected(String line, int code, List<String> lines) {}

  /** A training without --out that cannot begin has made an empty folder for runs where we are. */
  @AfterAll
  static void leaveNothingBehind() throws IOException {
    String[] made = new File("runs").list();
    if (made != null && made.length == 0) {
      Files.delete(Path.of("runs"));
    }
  }

  @BeforeAll
  static void makeWhatIsNamed() throws IOException {
    TestPictures.folder(folder.resolve("pets"), 12, 16, "cat", "dog");
    Path files = Files.createDirectories(folder.resolve("files"));
    Files.createDirectories(folder.resolve("out"));
    Files.writeString(files.resolve("notes.txt"), "no picture\n");
    Files.writeString(files.resolve("broken.jpg"), "no picture either\n");
    Files.writeString(files.resolve("list.txt"), folder + "/pets/cat/001.png\n");
    Files.writeString(
        files.resolve("tiny.yaml"),
        """
        model: resnet18
        width: 0.0625
        image-size: 16
        batch: 8
        epochs: 1
        """);
    Files.writeString(
        files.resolve("sweep.yaml"), "data: demo\nsweep:\n  optoins:\n    lr: [0.1, 0.2]\n");
    Files.writeString(files.resolve("tab.yaml"), "model: resnet18\n\tbatch: 3\n");
  }

  @TestFactory
  Stream<DynamicTest> everyCommandAnswersAsTheFileSays() throws IOException {
    return commands().stream()
        .map(e -> DynamicTest.dynamicTest("engine " + e.line(), () -> check(e)));
  }

  @Test
  void theFileIsLongEnoughToBeASpecification() throws IOException {
    List<Expected> all = commands();
    assertTrue(all.size() >= 60, all.size() + " commands");
    assertTrue(all.stream().filter(e -> e.code() == 0).count() >= 20, "right ones");
    assertTrue(all.stream().filter(e -> e.code() == 2).count() >= 20, "slightly wrong ones");
    assertTrue(all.stream().noneMatch(e -> e.lines().isEmpty()), "each says what it prints");
  }

  private static List<Expected> commands() throws IOException {
    List<Expected> out = new ArrayList<>();
    for (String line : text().split("\\R")) {
      if (line.startsWith("$ engine")) {
        out.add(new Expected(line.substring("$ engine".length()).strip(), 0, new ArrayList<>()));
      } else if (line.matches("exit \\d+")) {
        Expected e = out.removeLast();
        out.add(new Expected(e.line(), Integer.parseInt(line.substring(5)), e.lines()));
      } else if (!line.isBlank() && !line.startsWith("#")) {
        out.getLast().lines().add(line);
      }
    }
    return out;
  }

  private static String text() throws IOException {
    try (InputStream in = CommandsTest.class.getResourceAsStream(FILE)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void check(Expected e) throws IOException {
    TypedCommands.Outcome did =
        new TypedCommands(folder, "pets", "runs", "out", "files").run(e.line());
    assertEquals(e.code(), did.code(), did::toString);
    List<String> printed = (did.out() + did.err()).lines().toList();
    for (String line : e.lines()) {
      assertTrue(printed.stream().anyMatch(l -> matches(line, l)), "no line: " + line + "\n" + did);
    }
    if (e.code() == 2) { // one sentence, and where help is
      assertEquals(2, did.err().lines().count(), did::toString);
    } else if (e.code() == 1) { // nothing else is said
      assertTrue(
          did.err().lines().allMatch(l -> e.lines().stream().anyMatch(x -> matches(x, l))),
          did::toString);
    }
    assertFalse(did.toString().matches("(?s).*(Exception|something went wrong).*"), did::toString);
    if (e.code() != 0) {
      requireOwnOptions(e.line(), did.err());
    }
  }

  /**
   * What a sentence advises can be typed: an option that it names is one of the command, unless it
   * names the command before it, or a person typed it or wrote it into a file.
   */
  private static void requireOwnOptions(String line, String said) {
    CommandLine command = new CommandLine(Main.class);
    for (String word : line.split(" ")) {
      command = command.getSubcommands().getOrDefault(word, command);
    }
    Set<String> own = command.getCommandSpec().optionsMap().keySet();
    for (String sentence : said.lines().toList()) {
      Matcher option = Pattern.compile("(?<![\\w-])--[a-z][a-z-]+").matcher(sentence);
      while (option.find()) {
        String before = sentence.substring("engine".length(), option.start());
        assertTrue(
            own.contains(option.group())
                || line.contains(option.group())
                || before.contains("engine ")
                || option.group().equals("--help"),
            () -> option.group() + " is no option of this command: " + sentence);
      }
    }
  }

  private static boolean matches(String expected, String line) {
    String regex =
        Stream.of(expected.strip().split("…", -1)).map(Pattern::quote).collect(joining(".*"));
    return line.strip().matches(regex);
  }
}
