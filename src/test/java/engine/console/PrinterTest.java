package engine.console;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is printed of names that strangers chose. */
final class PrinterTest {
  /** Clears the screen, hides, begins a line anew, ends it, turns the text round, C1's CSI. */
  private static final String NAME =
      "a\u001b[2J\u001b[8mb\rc\nd\te\u202ef\u2066g\u200fh\u009b2Ji\u007fj\u2028k\ud800l沙é\ud83d\ude00";

  private static final String CLEAN = "a?[2J?[8mb?c?d?e?f?g?h?2Ji?j?k?l沙é\ud83d\ude00";
  private final StringWriter text = new StringWriter();
  private final Printer printer = new Printer(text);

  private String printed() {
    String all = text.toString().replace(System.lineSeparator(), "\n");
    text.getBuffer().setLength(0);
    return all;
  }

  @Test
  void aLineIsOneLineAndObeysNobody() {
    printer.println(NAME);
    assertEquals(CLEAN + "\n", printed());
    printer.println((Object) Path.of(NAME.replace("\ud800", "")));
    assertEquals(CLEAN.replace("k?l", "kl") + "\n", printed());
  }

  @Test
  void aFormatIsTrustedAndItsArgumentsAreNot() {
    printer.printf("%s:%n%,d %.1f %-4s|%n", NAME, 1234, 0.5, "x\n");
    assertEquals(CLEAN + ":\n1,234 0.5 x?  |\n", printed());
  }

  @Test
  void textMayHaveLinesAndColoursAndNothingElse() {
    printer.print("\u001b[1mhelp\u001b[0m\n\tx\u001b[2J\r\u202e");
    assertEquals("\u001b[1mhelp\u001b[0m\n\tx?[2J??", printed());
    printer.raw("\r\u001b[K");
    assertEquals("\r\u001b[K", printed());
  }

  @Test
  void everythingIsFlushedAtOnce() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Printer out = new Printer(new PrintStream(bytes, false, StandardCharsets.UTF_8));
    out.print("a");
    assertEquals("a", bytes.toString(StandardCharsets.UTF_8));
  }

  @Test
  void titlesOfColumnsAndBarsAreCleanToo() {
    new Table(NAME, ">" + NAME).row(NAME, NAME).print(new Terminal(printer, true, false, 200));
    String line = CLEAN + "  " + CLEAN + "\n";
    assertEquals(line + line, printed());
    new ProgressBar(new Terminal(printer, false, false, 80), "x", 1, "img").println(NAME);
    assertEquals(CLEAN + "\n", printed());
  }

  @Test
  void jsonHasNoNumberThatIsNone() {
    JsonObject o = new JsonObject();
    o.addProperty("a", Double.NaN);
    o.addProperty("b", Float.POSITIVE_INFINITY);
    o.add("c", Json.tree(List.of(1, Map.of("d", Double.NEGATIVE_INFINITY))));
    o.addProperty("big", new java.math.BigDecimal("1e400").negate().negate().toBigInteger());
    printer.println(o);
    String line = printed();
    assertEquals(
        "{\"a\":null,\"b\":null,\"c\":[1,{\"d\":null}],\"big\":1" + "0".repeat(400) + "}\n", line);
    record Figures(double x, Double y, float[] z) {}
    assertEquals(
        "{\"x\":null,\"y\":null,\"z\":[1.5,null]}",
        Json.line(new Figures(Double.NaN, Double.NaN, new float[] {1.5f, Float.NaN})));
    assertEquals("{\n  \"x\": null\n}\n", Json.page(Map.of("x", Double.NaN)));
  }

  @Test
  void jsonShowsNothingToATerminalAndMeansTheSame() {
    String line = Json.line(Map.of("<'&=>", NAME));
    assertEquals(line, TextWidth.printable(line));
    assertEquals(Map.of("<'&=>", NAME), new com.google.gson.Gson().fromJson(line, Map.class));
    assertEquals("\"caf\\udce9\"", Json.line("caf\udce9"));
  }
}
