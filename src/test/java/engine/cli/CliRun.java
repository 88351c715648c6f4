package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;

/** One command line run in this process: its exit code and what it printed. */
record CliRun(int code, String out, String err) {
  static CliRun of(Object... args) {
    String[] words = new String[args.length];
    for (int i = 0; i < args.length; i++) {
      words[i] = args[i].toString();
    }
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), words);
    return new CliRun(code, out.toString(), err.toString());
  }

  /** Exit code 1 and a single line on stderr that contains {@code part}. */
  CliRun assertFails(String part) {
    assertEquals(1, code, this::toString);
    assertEquals(1, err.lines().count(), err);
    return assertSays(part);
  }

  /** Exit code 2, a line on stderr that contains {@code part}, and where help is. */
  CliRun assertWrongUsage(String part) {
    assertEquals(2, code, this::toString);
    assertEquals(2, err.lines().count(), err);
    return assertSays(part);
  }

  CliRun assertSucceeds() {
    assertEquals(0, code, this::toString);
    assertEquals("", err);
    return this;
  }

  private CliRun assertSays(String part) {
    assertTrue(err.startsWith("engine: "), err);
    assertTrue(err.contains(part), err);
    assertFalse(err.contains("something went wrong inside"), err);
    assertFalse(err.contains("\tat "), err);
    return this;
  }
}
