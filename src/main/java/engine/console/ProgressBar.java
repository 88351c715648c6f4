package engine.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Progress of work whose length is known: one line redrawn in place on a terminal, plain lines now
 * and then elsewhere.
 *
 * <pre>
 * epoch 3/80  ━━━━━━━━────────  45/120  11.0 img/s  loss 1.2345  lr 2.93e-4  4m05s left
 * </pre>
 *
 * Safe for use by several threads. Close it, or the cursor stays on the bar's line; a process that
 * is ended by Ctrl-C or a polite kill takes its bars away itself.
 */
public final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final long PLAIN_NANOS = 15_000_000_000L;
  private static final long RATE_WINDOW_NANOS = 20_000_000_000L;
  private static final int MAX_BAR = 30;
  private static final int MIN_BAR = 8;

  private final Terminal terminal;
  private final String label;
  private long total;
  private final String unit;
  private final LongSupplier clock;
  private final long start;
  private final Deque<long[]> recent = new ArrayDeque<>();
  private long done;
  private long items;
  private List<String> fields = List.of();
  private long drawnAt;
  private boolean drawn;
  private boolean closed;
  private Thread atExit;

  /**
   * @param label what is under way, such as {@code epoch 3/80}
   * @param total steps until done; 0 if unknown
   * @param unit what the rate counts, such as {@code img}
   */
  public ProgressBar(Terminal terminal, String label, long total, String unit) {
    this(terminal, label, total, unit, System::nanoTime);
  }

  public ProgressBar(Terminal terminal, String label, long total, String unit, LongSupplier nanos) {
    this.terminal = terminal;
    this.label = TextWidth.printable(label);
    this.total = total;
    this.unit = unit;
    this.clock = nanos;
    this.start = nanos.getAsLong();
    this.drawnAt = start;
    recent.add(new long[] {start, 0, 0});
  }

  /**
   * Reports where the work stands; cheap enough for every batch.
   *
   * @param done steps finished
   * @param items what the rate counts, so far (images)
   * @param fields figures to show, the most important first, such as {@code loss 1.2345}
   */
  public synchronized void update(long done, long items, String... fields) {
    if (closed) {
      return;
    }
    long now = clock.getAsLong();
    this.done = done;
    this.items = items;
    this.fields = List.of(fields);
    long since = now - drawnAt;
    if (since >= (terminal.interactive() ? REDRAW_NANOS : PLAIN_NANOS)) {
      remember(now);
      draw(now);
    }
  }

  /** The work has become longer or shorter. */
  public synchronized void setTotal(long steps) {
    total = steps;
  }

  /** Prints a line above the bar. */
  public synchronized void println(String line) {
    erase();
    terminal.out().println(line);
    if (terminal.interactive() && !closed) {
      draw(clock.getAsLong());
    }
  }

  /** Items a second since the start. */
  public synchronized double rate() {
    double seconds = (clock.getAsLong() - start) / 1e9;
    return seconds > 0 ? items / seconds : Double.NaN;
  }

  /** Replaces the bar by a line that says how it went, and closes it. */
  public synchronized void finish(String summary) {
    if (!closed) {
      close();
      terminal.out().println(summary);
    }
  }

  /** Takes the bar away; whatever was printed above stays. */
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      erase();
      forgetExit();
    }
  }

  /** Has the bar go with the process; where that is ending already there is no bar any more. */
  private boolean goesAtExit() {
    if (atExit == null) {
      Thread hook = new Thread(this::close, "bar-away");
      try {
        Runtime.getRuntime().addShutdownHook(hook);
        atExit = hook;
      } catch (IllegalStateException e) {
        closed = true;
      }
    }
    return !closed;
  }

  private void forgetExit() {
    try {
      if (atExit != null) {
        Runtime.getRuntime().removeShutdownHook(atExit);
      }
    } catch (IllegalStateException e) {
      // The process is ending: the hook is what called, or will find the bar gone.
    }
  }

  private void remember(long now) {
    recent.addLast(new long[] {now, done, items});
    while (recent.size() > 2 && now - recent.peekFirst()[0] > RATE_WINDOW_NANOS) {
      recent.removeFirst();
    }
  }

  private void erase() {
    if (drawn) {
      terminal.out().raw("\r\u001b[K");
      drawn = false;
    }
  }

  private void draw(long now) {
    drawnAt = now;
    if (terminal.interactive()) {
      if (!goesAtExit()) {
        return;
      }
      // The last column stays free: a full line makes some terminals wrap.
      terminal.out().raw("\r" + line(now, terminal.width() - 1) + "\u001b[K");
      drawn = true;
    } else {
      terminal.out().println(line(now, Terminal.UNLIMITED));
    }
  }

  /** The line in at most {@code width} columns: the bar goes first, then figures from the right. */
  private String line(long now, int width) {
    List<String> parts = new ArrayList<>();
    parts.add(label);
    parts.add(total > 0 ? done + "/" + total : String.valueOf(done));
    long[] from = recent.peekFirst();
    double seconds = (now - from[0]) / 1e9;
    boolean moving = seconds > 0 && items > from[2];
    if (moving) {
      parts.add(Units.rate((items - from[2]) / seconds) + " " + unit + "/s");
    }
    parts.addAll(fields);
    if (total > 0 && done > from[1] && done < total) {
      parts.add(timeLeft((total - done) * seconds / (done - from[1])) + " left");
    }
    while (parts.size() > 2 && TextWidth.of(String.join("  ", parts)) > width) {
      // Time left outlives the figures: it is what people look for.
      int last = parts.size() - 1;
      parts.remove(last > 2 && parts.get(last).endsWith(" left") ? last - 1 : last);
    }
    int room =
        width == Terminal.UNLIMITED || total <= 0
            ? 0
            : width - TextWidth.of(String.join("  ", parts)) - 2;
    if (room >= MIN_BAR) {
      parts.add(1, bar(Math.min(MAX_BAR, room)));
    }
    return color(TextWidth.cut(String.join("  ", parts), width, terminal.unicode()));
  }

  /** In whole seconds: a tenth that changes ten times a second only flickers. */
  private static String timeLeft(double seconds) {
    return seconds < 59.5 ? Math.round(seconds) + " s" : Units.duration(seconds);
  }

  private String bar(int cells) {
    int full = Math.clamp(done * cells / total, 0, cells);
    return terminal.unicode()
        ? "━".repeat(full) + "─".repeat(cells - full)
        : "#".repeat(full) + "-".repeat(cells - full);
  }

  private String color(String line) {
    int from = line.indexOf('━');
    int to = line.lastIndexOf('━') + 1;
    return from < 0
        ? line
        : line.substring(0, from) + terminal.green(line.substring(from, to)) + line.substring(to);
  }
}
