package engine.console;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of text with aligned columns.
 *
 * <p>On a narrow terminal the widest left-aligned column gives way first, then lines are cut: a row
 * never takes two lines. Cells may come from file names; their control characters are not printed.
 */
public final class Table {
  private static final int GAP = 2;
  private static final int MIN_TEXT = 6;

  private final String[] head;
  private final boolean[] right;
  private final List<String[]> rows = new ArrayList<>();

  /** Column titles; one that starts with {@code >} heads a right-aligned (number) column. */
  public Table(String... columns) {
    head = new String[columns.length];
    right = new boolean[columns.length];
    for (int c = 0; c < columns.length; c++) {
      right[c] = columns[c].startsWith(">");
      head[c] = TextWidth.printable(right[c] ? columns[c].substring(1) : columns[c]);
    }
  }

  /** Adds a row; missing cells at its end are empty. */
  public Table row(Object... cells) {
    if (cells.length > head.length) {
      throw new IllegalArgumentException(
          cells.length + " cells do not fit " + head.length + " columns");
    }
    String[] row = new String[head.length];
    Arrays.fill(row, "");
    for (int c = 0; c < cells.length; c++) {
      row[c] = TextWidth.printable(String.valueOf(cells[c]));
    }
    rows.add(row);
    return this;
  }

  /** Prints the table in the terminal's width, the head dimmed. */
  public void print(Terminal t) {
    List<String> lines = lines(t.width(), t.unicode());
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i); // of cells that are clean already
      t.out().raw((i == 0 ? t.dim(line) : line) + System.lineSeparator());
    }
  }

  /** The table's lines with no line longer than {@code width} columns. */
  public List<String> lines(int width, boolean unicode) {
    int[] widths = fit(width);
    List<String> out = new ArrayList<>();
    out.add(line(head, widths, width, unicode));
    for (String[] row : rows) {
      out.add(line(row, widths, width, unicode));
    }
    return out;
  }

  private int[] fit(int width) {
    int[] widths = new int[head.length];
    for (int c = 0; c < head.length; c++) {
      widths[c] = TextWidth.of(head[c]);
      for (String[] row : rows) {
        widths[c] = Math.max(widths[c], TextWidth.of(row[c]));
      }
    }
    int excess = Arrays.stream(widths).sum() + GAP * (head.length - 1) - width;
    for (int c = widest(widths); excess > 0 && c >= 0; c = widest(widths)) {
      widths[c]--;
      excess--;
    }
    return widths;
  }

  /** The widest left-aligned column that can still shrink, or -1. */
  private int widest(int[] widths) {
    int best = -1;
    for (int c = 0; c < widths.length; c++) {
      if (!right[c] && widths[c] > MIN_TEXT && (best < 0 || widths[c] > widths[best])) {
        best = c;
      }
    }
    return best;
  }

  private String line(String[] cells, int[] widths, int width, boolean unicode) {
    StringBuilder out = new StringBuilder();
    for (int c = 0; c < cells.length; c++) {
      String text = TextWidth.cut(cells[c], widths[c], unicode);
      String pad = " ".repeat(widths[c] - TextWidth.of(text));
      out.append(c == 0 ? "" : " ".repeat(GAP));
      out.append(right[c] ? pad + text : text + pad);
    }
    return TextWidth.cut(out.toString().stripTrailing(), width, unicode);
  }
}
