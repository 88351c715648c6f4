package engine.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ConsoleTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
  private final AtomicLong nanos = new AtomicLong();

  private String printed() {
    String text = bytes.toString(StandardCharsets.UTF_8);
    bytes.reset();
    return text;
  }

  private ProgressBar bar(boolean interactive, int width) {
    return new ProgressBar(
        new Terminal(new Printer(out), interactive, false, width),
        "epoch 3/80",
        120,
        "img",
        nanos::get);
  }

  @Test
  void barIsRedrawnInPlaceWithRateAndTimeLeft() {
    try (ProgressBar bar = bar(true, 100)) {
      nanos.set(30_000_000_000L);
      bar.update(30, 960, "loss 1.2345", "lr 3e-4");
      String line = printed();
      assertTrue(line.startsWith("\repoch 3/80  ━"), line);
      assertTrue(
          line.endsWith("30/120  32.0 img/s  loss 1.2345  lr 3e-4  1m30s left\u001b[K"), line);
      assertFalse(line.contains("\n"));
      bar.finish("epoch 3/80  loss 1.2");
      assertEquals("\r\u001b[Kepoch 3/80  loss 1.2" + System.lineSeparator(), printed());
    }
    assertEquals("", printed());
  }

  @Test
  void barFitsEveryWidth() {
    for (int width = 1; width < 130; width++) {
      nanos.set(0);
      try (ProgressBar bar = bar(true, width)) {
        nanos.set(1_000_000_000L);
        bar.update(1, 32, "loss 1.2345", "lr 3e-4");
        String line = printed().replace("\r", "").replace("\u001b[K", "");
        assertTrue(TextWidth.of(line) <= Math.max(0, width - 1), width + ": " + line);
      }
      printed();
    }
  }

  @Test
  void elsewhereThereArePlainLinesNowAndThen() {
    try (ProgressBar bar = bar(false, Terminal.UNLIMITED)) {
      for (int i = 1; i <= 40; i++) {
        nanos.addAndGet(1_000_000_000L);
        bar.update(i, i * 32L, "loss 1.2345");
      }
    }
    List<String> lines = printed().lines().toList();
    assertEquals(2, lines.size());
    assertEquals("epoch 3/80  15/120  32.0 img/s  loss 1.2345  1m45s left", lines.getFirst());
    assertFalse(lines.toString().contains("\u001b"));
  }

  @Test
  void aLinePrintedAboveLeavesTheBarBelow() {
    try (ProgressBar bar = bar(true, 60)) {
      nanos.set(1_000_000_000L);
      bar.update(1, 32);
      printed();
      bar.println("3 images could not be read");
      String text = printed();
      assertTrue(
          text.startsWith("\r\u001b[K3 images could not be read" + System.lineSeparator() + "\r"),
          text);
    }
  }

  @Test
  void tableAlignsNumbersRightAndWideLettersByColumns() {
    Table t = new Table("class", ">f1");
    t.row("desert", "0.91").row("沙漠", "1.00");
    assertEquals(List.of("class     f1", "desert  0.91", "沙漠    1.00"), t.lines(80, true));
  }

  @Test
  void tableShortensTextOnANarrowTerminalAndNeverWraps() {
    Table t = new Table("class", ">precision", ">recall");
    t.row("a very long class name indeed", "0.91", "0.85");
    assertEquals("a very lon…       0.91    0.85", t.lines(30, true).get(1));
    for (int width = 1; width < 60; width++) {
      for (String line : t.lines(width, true)) {
        assertTrue(TextWidth.of(line) <= width, width + ": " + line);
      }
    }
  }

  @Test
  void controlCharactersOfAClassNameAreNotPrinted() {
    Table t = new Table("class").row("x\u001b[2J\ny\u202e");
    assertEquals("x?[2J?y?", t.lines(80, true).get(1));
  }

  @Test
  void redirectedOutputIsPlainWhateverTheEnvironmentSays() {
    Terminal t = Terminal.detect(out, 99, Map.of("TERM", "xterm", "COLUMNS", "40"));
    assertFalse(t.interactive());
    assertFalse(t.color());
    assertEquals(Terminal.UNLIMITED, t.width());
    assertEquals("x", t.red("x"));
  }

  @Test
  void unitsReadWell() {
    assertEquals("512 B", Units.bytes(512));
    assertEquals("2.6 GiB", Units.bytes(2_800_000_000L));
    assertEquals("1.0 MiB", Units.bytes((1 << 20) - 1));
    assertEquals("12.3 ms", Units.duration(0.01234));
    assertEquals("8.5 s", Units.duration(8.5));
    assertEquals("1m00s", Units.duration(59.96));
    assertEquals("1h01m", Units.duration(3660));
    assertEquals("2d03h", Units.duration(2 * 86400 + 3 * 3600));
    assertEquals("?", Units.duration(Double.NaN));
    assertEquals("89.6 %", Units.percent(0.8961));
    assertEquals("–", Units.percent(Double.NaN));
    assertEquals("4.27", Units.rate(4.271));
    assertEquals("63.1", Units.rate(63.12));
    assertEquals("1,363", Units.rate(1363.4));
    assertEquals("60,000", Units.count(60000));
    assertEquals("0.6931", Units.figure(0.69314));
    assertEquals("3e-5", Units.figure(0.00003));
    assertEquals("3e-4", Units.compact(3e-4));
    assertEquals("2.93e-4", Units.compact(2.926584e-4));
    assertEquals("0.1", Units.compact(0.1));
    assertEquals("1", Units.compact(0.9999));
    assertEquals("0", Units.compact(0));
  }
}
