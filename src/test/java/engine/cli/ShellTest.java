package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Completion in real shells, and the manual page in real programs, where they are installed. */
final class ShellTest {
  @TempDir Path temp;

  private static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  /** What a program prints for {@code input}; it must end well and complain of nothing. */
  private String run(String input, String... command) throws IOException, InterruptedException {
    assumeTrue(isInstalled(command[0]), command[0] + " is not installed here");
    Path in = Files.writeString(temp.resolve("in"), input);
    Path err = temp.resolve("err");
    Process p =
        new ProcessBuilder(command)
            .directory(temp.toFile())
            .redirectInput(in.toFile())
            .redirectError(err.toFile())
            .start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, p.waitFor(), out + Files.readString(err));
    assertEquals("", Files.readString(err));
    return out;
  }

  private static String script(String shell) {
    return CliRun.of("completion", shell).assertSucceeds().out();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          engine tr                    | train
          ./engine qua                 | quantize
          engine inspect ker           | kernel
          engine train --weight-d      | --weight-decay --weight-decay-at
          engine train --model resnet1 | resnet18 resnet101
          engine train --scheduler one | onecycle
          engine train --device c      | cpu cuda
          engine train --data de       | demo
          engine eval --vote h         | hard
          engine completion f          | fish
          engine reh                   | ''
          """)
  void bashCompletesWhatIsTyped(String typed, String expected) throws Exception {
    String[] words = typed.split(" ");
    String ask =
        """
        compopt() { :; }  # only lives inside a real TAB
        COMP_WORDS=(%s); COMP_CWORD=%d
        complete -p engine >/dev/null
        _complete_engine
        echo ${COMPREPLY[@]}
        """
            .formatted(typed, words.length - 1);
    assertEquals(expected, run(script("bash") + ask, "bash", "--norc").strip());
  }

  @Test
  void zshTakesTheScript() throws Exception {
    assertTrue(
        run(script("zsh") + "\necho ${_comps[engine]}", "zsh", "-f").contains("_complete_engine"));
  }

  @Test
  void fishCompletesWhatIsTyped() throws Exception {
    String out = run(script("fish") + "complete -C 'engine tr'\n", "fish", "--no-config");
    assertEquals(List.of("train"), out.lines().map(l -> l.split("\t")[0]).toList());
    out = run(script("fish") + "complete -C 'engine train --device c'\n", "fish", "--no-config");
    assertEquals(List.of("cpu", "cuda"), out.lines().map(l -> l.split("\t")[0]).toList());
  }

  @Test
  void fishIsToldOfEveryCommandOptionAndWord() {
    String script = script("fish");
    for (String part :
        new String[] {
          "-f -a train -d 'Trains a classifier",
          "-n '__fish_seen_subcommand_from train' -l label-smoothing -r",
          "-l device -r -a 'auto cpu cuda sim'",
          "-n '__fish_seen_subcommand_from inspect; and __fish_seen_subcommand_from kernel'",
          "the run\\'s"
        }) {
      assertTrue(script.contains(part), part);
    }
    assertFalse(script.contains("rehearse"), "hidden");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train", "inspect kernel", "predict", "completion"})
  void groffShowsThePageWithoutAWarning(String command) throws Exception {
    String shown = run(page(command), "groff", "-man", "-ww", "-Tutf8");
    assertTrue(shown.contains("Examples") || shown.length() > 400, shown);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train", "inspect kernel", "predict", "completion"})
  void mandocFindsNoFaultInThePage(String command) throws Exception {
    assertEquals("", run(page(command), "mandoc", "-Tlint", "-Wwarning"));
  }

  private static String page(String command) {
    String[] words = ("man " + command).strip().split(" ");
    return CliRun.of((Object[]) words).assertSucceeds().out();
  }

  @Test
  void thePageHasWhatTheHelpHas() {
    String page = page("train");
    assertTrue(page.startsWith(".TH \"ENGINE\\-TRAIN\" 1 "), page.lines().findFirst().get());
    for (String part :
        new String[] {
          ".SH NAME\nengine\\-train \\- Trains a classifier",
          ".TP\n\\fB\\-\\-scheduler NAME\\fR\nconstant, cosine, ",
          "erased",
          ".SH EXAMPLES\n.nf\nengine train \\-\\-data demo\n",
          ".SH EXIT STATUS"
        }) {
      assertTrue(page.contains(part), part + " in\n" + page);
    }
    String all = page("");
    assertTrue(all.contains(".SS \"engine inspect kernel\""), all);
    assertFalse(all.contains("rehearse"), "hidden");
    assertFalse(all.contains("${") || all.contains("%n"), all);
  }

  @Test
  void namesThatThereAreNotGetTheNearest() {
    CliRun.of("completion", "zhs").assertWrongUsage("'zhs'; did you mean zsh?");
    CliRun.of("completion").assertWrongUsage("SHELL");
    CliRun.of("man", "predit")
        .assertWrongUsage("there is no command predit; did you mean predict?");
    CliRun.of("man", "inspect", "kernl").assertWrongUsage("did you mean kernel?");
    CliRun.of("man", "train", "x").assertWrongUsage("there is no command train x");
  }
}
