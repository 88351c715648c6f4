package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Option files that are odd, damaged or made to do harm. */
final class ConfigFileLimitsTest {
  private static final Duration SOON = Duration.ofSeconds(5); // on a machine that does other things

  @TempDir Path temp;

  /** Text, and a part of the sentence that refuses it. */
  static Stream<Arguments> bombs() {
    return Stream.of(
        Arguments.of(laughs(9, 9), "larger than 1 MiB"),
        Arguments.of(laughs(16, 3), "larger than 1 MiB"),
        Arguments.of(
            "a: &a \"" + "x".repeat(1000) + "\"\nb: [" + "*a,".repeat(2000) + "]", "1 MiB"),
        Arguments.of("a: &a\n  - [*a, 1]\n", "stands for itself"),
        Arguments.of("a: &a\n  b: *a\n", "stands for itself"),
        Arguments.of("? &a {b: *a}\n: 1\n", "stands for itself"),
        Arguments.of("a: *b\n", "nothing is called *b"),
        Arguments.of("a: " + "[".repeat(500_000), "deeper than 16"),
        Arguments.of("a: " + "{b: ".repeat(200_000), "deeper than 16"),
        Arguments.of("- ".repeat(500_000), "deeper than 16"),
        Arguments.of("? ".repeat(500_000), "deeper than 16"),
        Arguments.of(
            "a: !!java.net.URL [\"http://127.0.0.1/\"]", "type 'tag:yaml.org,2002:java.net"),
        Arguments.of("a: !!binary aGFsbG8=", "asks for the type"),
        Arguments.of("a: !mine 1", "asks for the type '!mine'"),
        Arguments.of("? [a, b]\n: 1\n", "a name in it is empty, a list or a group"),
        Arguments.of("a: 1\n---\nb: 2\n", "more than one document"),
        Arguments.of("a: 1\na: 2\n", "'a' is in it twice"),
        Arguments.of("a:\n\t- b\n", "line 2"),
        Arguments.of("a: \u0007\n", "special characters"),
        Arguments.of("[1,2]", "it is a list"),
        Arguments.of("{\"a\": 1} {}", "no valid JSON at line 1 column"),
        Arguments.of("{\"a\": 1, \"a\": 2}", "'a' is in it twice"),
        Arguments.of("{\"a\": NaN}", "no valid JSON at line 1 column"),
        Arguments.of("{a: 1}", "no valid JSON at line 1 column"),
        Arguments.of("{\"a\": " + "[".repeat(500_000), "nested deeper than 64"),
        Arguments.of("{\"a\":".repeat(100_000), "nested deeper than 64"),
        Arguments.of("{\"lr\": " + "9".repeat(500) + "}", "a number of 500 digits"),
        Arguments.of("{\"lr\": " + "9".repeat(500_000) + "}", "no valid JSON"));
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void whatIsBeyondOptionsIsRefusedAtOnceInOneSentence(String text, String why) {
    UserError e =
        assertTimeout(
            SOON, () -> assertThrows(UserError.class, () -> ConfigFile.parse(text, "file")));
    assertTrue(e.getMessage().startsWith("file holds no options: "), e.getMessage());
    assertTrue(e.getMessage().contains(why), e.getMessage());
    assertEquals(1, e.getMessage().lines().count(), e.getMessage());
    assertTrue(e.getMessage().length() < 300, e.getMessage());
  }

  /** Each level holds the one before it {@code fan} times. */
  private static String laughs(int levels, int fan) {
    String first = "a0: &a0 [\"" + "lol".repeat(10) + "\"]\n";
    return first
        + IntStream.rangeClosed(1, levels)
            .mapToObj(i -> "a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ",").repeat(fan)))
            .collect(Collectors.joining());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          label-smoothing: 0.1\\nlabelSmoothing: 0.2 | gives 'label-smoothing' twice
          a: {lr: 1}\\nb: {lr: 2}                    | gives 'lr' twice
          data: "a\\0b"                              | a control character
          data: "a\\\\nb"                            | a control character
          data: [[a], b]                             | a list of more than plain values
          data: [{a: b}]                             | a list of more than plain values
          """)
  void anOptionHasOneValueOfOneLine(String text, String why) {
    String yaml = text.replace("\\\\n", "\\\n").replace("\\n", "\n").replace("\\\n", "\\n");
    UserError e = assertThrows(UserError.class, () -> ConfigFile.parse(yaml, "f.yaml"));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @Test
  void valuesAreTakenAsTheyAreWritten() {
    Map<String, String> options =
        ConfigFile.parse(
                """
                a: '@/etc/passwd'
                b: "--help"
                c: -1
                d: 1_000
                e: 0x10
                f: 1e-4
                g: &x [1, two, 3.50]
                h: *x
                i: null
                j: "null"
                k: ~
                l: !!str 12
                m:
                n: ${user.home}
                """,
                "f.yaml")
            .options();
    assertEquals("@/etc/passwd", options.get("a"));
    assertEquals("--help", options.get("b"));
    assertEquals("-1", options.get("c"));
    assertEquals("1_000", options.get("d"));
    assertEquals("0x10", options.get("e"));
    assertEquals("1e-4", options.get("f"));
    assertEquals("1,two,3.50", options.get("g"));
    assertEquals("1,two,3.50", options.get("h"));
    assertEquals("null", options.get("j"));
    assertEquals("12", options.get("l"));
    assertEquals("${user.home}", options.get("n"));
    for (String empty : new String[] {"i", "k", "m"}) {
      assertTrue(options.containsKey(empty) && options.get(empty) == null, empty);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "{}"})
  void aFileThatSaysNothingIsOne(String text) {
    assertEquals(Map.of(), ConfigFile.parse(text, "f").options());
  }

  @Test
  void theNameOfAFileSaysWhatBracesMean() {
    assertEquals("1", ConfigFile.parse("{lr: 1}", "f.yaml").options().get("lr"));
    assertEquals("1", ConfigFile.parse("{\n\t\"lr\": 1}", "f.JSON").options().get("lr"));
  }

  @Test
  void aByteOrderMarkIsNoPartOfAName() throws IOException {
    Path file = Files.writeString(temp.resolve("bom.yaml"), "\ufefflr: 1\n");
    assertEquals("1", ConfigFile.read(file).options().get("lr"));
    Files.writeString(file, "\ufeff{\"lr\": 1}");
    assertEquals("1", ConfigFile.read(file).options().get("lr"));
  }

  @Test
  void whatIsNoFileOfTextIsNamed() throws Exception {
    Path file = temp.resolve("x.yaml");
    refused(file, "there is no file");
    Files.write(file, "lr: 1".getBytes(StandardCharsets.UTF_16LE));
    refused(file, "special characters"); // without its mark it is UTF-8 full of NUL
    Files.write(file, "lr: 1".getBytes(StandardCharsets.UTF_16));
    refused(file, "text in UTF-16");
    Files.write(file, new byte[] {'a', ':', (byte) 0xe9});
    refused(file, "no text in UTF-8");
    Files.write(file, new byte[(1 << 20) + 1]);
    refused(file, "larger than 1 MiB");
    refused(temp, "is a folder");
    Path pipe = temp.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    assertTimeout(SOON, () -> refused(pipe, "is a pipe or a device"));
  }

  private static void refused(Path file, String why) {
    UserError e = assertThrows(UserError.class, () -> ConfigFile.read(file));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config: x.yaml          | config', which cannot stand in a file: type --config
          recipe: fast            | recipe', which cannot stand in a file: type --recipe
          resume: runs/x          | resume', which cannot stand in a file: type --resume
          help: true              | help', which cannot stand in a file: type --help
          evil-option: /x         | evil-option', which is no option of this command
          epochs: abc             | --epochs must be a whole number, not 'abc'
          epochs: [1, 2]          | --epochs must be a whole number, not '1,2'
          no-decay-norm-bias: maybe | --no-decay-norm-bias must be true or false, not 'maybe'
          epochs: -1              | epochs
          """)
  void aFileIsWrongUsageIfItsOptionsAre(String text, String why) throws IOException {
    Path file = Files.writeString(temp.resolve("c.yaml"), text + "\n");
    CliRun run = CliRun.of("train", "--data", "demo", "--config", file.toString());
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains(why), run.err());
    assertFalse(run.err().contains("inside the engine"), run.err());
  }

  @Test
  void aLongUnknownNameIsShownShort() throws IOException {
    Path file = Files.writeString(temp.resolve("c.yaml"), "\"\\e[31m" + "x".repeat(900) + "\": 1");
    CliRun run =
        assertTimeout(
            SOON, () -> CliRun.of("train", "--data", "demo", "--config", file.toString()));
    assertEquals(2, run.code());
    assertTrue(run.err().length() < 400 && !run.err().contains("\u001b"), run.err());
  }
}
