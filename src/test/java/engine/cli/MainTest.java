package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {
  private static final String GOLDEN = "src/test/resources/engine/golden";

  @TempDir Path temp;

  private record Run(int code, String out, String err) {}

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "compare",
        "sweep",
        "eval",
        "labels",
        "predict",
        "quantize",
        "export",
        "bench",
        "verify",
        "doctor"
      })
  void everyCommandHasHelpWithAnExample(String command) {
    Run run = run(command, "--help");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("engine " + command), run.out());
    assertTrue(run.out().contains("Example"), run.out());
    for (String option : new String[] {"--device", "--json", "--seed", "--threads", "--debug"}) {
      assertTrue(run.out().contains(option), run.out());
    }
    assertTrue(run("--help").out().contains("  " + command), "listed by engine --help");
  }

  @Test
  void theVersionNamesTheJavaItRunsOn() {
    Run run = run("--version");
    assertEquals(0, run.code());
    assertTrue(run.out().contains("Java " + Runtime.version()), run.out());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          veryfy x              | there is no command veryfy; did you mean verify?
          trian                 | there is no command trian; did you mean train?
          frobnicate            | there is no command frobnicate
          verify x --devize cpu | there is no option --devize; did you mean --device?
          verify x --jsn        | there is no option --jsn; did you mean --json?
          verify x --zzz        | there is no option --zzz
          verify x y            | 'y' is one argument too many
          quantize runs/x       | 'runs/x' is one argument too many: did you mean --checkpoint runs/x?
          --device=cpu train    | --device=cpu stands behind the command: engine COMMAND --device=cpu
          verify x --device gpu | --device must be cpu, cuda, cuda:N, sim or auto, not 'gpu'; did you mean cuda?
          verify x --threads 0  | --threads must be at least 1, not 0
          """)
  void wrongUsageExitsWithTwoAndSaysWhatWasMeant(String line, String message) {
    Run run = run(line.split(" +"));
    assertEquals(2, run.code());
    assertEquals("engine: " + message, run.err().lines().findFirst().orElse(""));
    assertEquals("", run.out());
  }

  @Test
  void noCommandIsWrongUsage() {
    assertEquals(2, run().code());
  }

  @Test
  void aFailureIsOneSentenceAndATraceOnlyWithDebug() {
    Run plain = run("verify", temp.toString());
    assertEquals(1, plain.code());
    assertEquals(1, plain.err().lines().count(), plain.err());
    assertTrue(plain.err().startsWith("engine: " + temp + " holds no reference cases"));
    assertTrue(run("verify", temp.toString(), "--debug").err().contains("\tat engine."));
  }

  @Test
  void verifyPrintsALineForEachCaseAndCounts() {
    Run run = run("verify", GOLDEN, "--device", "cpu", "--group", "formats");
    assertEquals(0, run.code(), run.out() + run.err());
    assertTrue(run.out().contains("formats/must_refuse  ok"), run.out());
    assertTrue(run.out().contains(" passed, 0 failed"), run.out());
  }

  @Test
  void verifyCountsUnknownCasesAsFailedUnlessTold() throws Exception {
    Files.writeString(
        temp.resolve("manifest.json"),
        "{\"cases\":[{\"group\":\"none\",\"name\":\"n\",\"op\":\"o\"}]}");
    assertEquals(1, run("verify", temp.toString()).code());
    assertEquals(0, run("verify", temp.toString(), "--known-only").code());
    Run json = run("verify", temp.toString(), "--json");
    JsonObject first = JsonParser.parseString(json.out().lines().toList().get(0)).getAsJsonObject();
    assertEquals("unknown", first.get("outcome").getAsString());
    JsonObject last = JsonParser.parseString(json.out().lines().toList().get(1)).getAsJsonObject();
    assertEquals(1, last.get("failed").getAsInt());
  }

  @Test
  void helpAndVersionAreCommandsToo() {
    assertEquals(run("--help").out(), run("help").out());
    assertEquals(run("train", "--help").out(), run("help", "train").out());
    assertEquals(run("inspect", "kernel", "--help").out(), run("help", "inspect", "kernel").out());
    assertEquals(run("--version").out(), run("version").out());
    Run wrong = run("help", "inspect", "kernl");
    assertEquals(2, wrong.code());
    assertTrue(
        wrong.err().startsWith("engine: there is no command inspect kernl; did you mean kernel?"),
        wrong.err());
  }

  @Test
  void theLastOfTwoCounts() {
    Run run = run("verify", GOLDEN, "--device", "sim", "--device", "gpu");
    assertTrue(run.err().contains("not 'gpu'"), run.err());
    run = run("version", "--json", "--json");
    assertEquals(0, run.code());
    assertEquals("", run.err());
  }

  @Test
  void aCaseOrGroupThatIsNotThereIsWrongUsage() {
    Run run = run("verify", GOLDEN, "--case", "must_refuze");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("; did you mean must_refuse?"), run.err());
    run = run("verify", GOLDEN, "--group", "format");
    assertEquals(2, run.code());
    assertTrue(run.err().contains("did you mean formats?"), run.err());
    assertFalse(run.err().contains("\tat "), run.err());
  }

  private static Run run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Run(code, out.toString(), err.toString());
  }
}
