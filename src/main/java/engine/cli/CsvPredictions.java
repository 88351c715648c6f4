package engine.cli;

import engine.base.FileNames;
import engine.console.Printer;
import engine.infer.Predictor;
import engine.infer.Vote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values as RFC 4180 has them, but with plain line feeds.
 *
 * <p>Spreadsheets take a cell that begins with {@code =}, {@code +}, {@code -}, {@code @} or a
 * control character for a formula, which may send the rest of the sheet away. As OWASP advises,
 * such a cell gets an apostrophe in front; so that names stay different, one that begins with an
 * apostrophe gets another.
 *
 * <p>A file's name that has bytes that are no UTF-8, control characters or marks of direction is
 * written as {@code file:} and its bytes as in a URI, {@code file:caf%E9/p0.jpg}; so is one that
 * begins with {@code file:}. Names of classes have {@code ?} for such characters, as on a terminal;
 * JSON has them as they are.
 *
 * @param top how many classes a record names
 * @param voters how many models made the answers
 */
record CsvPredictions(List<String> classes, int top, int voters) implements PredictionFormat {
  private static final String URI = "file:";

  /** The last four are full-width forms, which some spreadsheets take for the first. */
  private static final String FORMULA = "=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20";

  @Override
  public String header() {
    StringBuilder line = new StringBuilder("file");
    for (int i = 1; i <= top; i++) {
      line.append(",class_").append(i).append(",probability_").append(i);
    }
    return line.append(voters > 1 ? ",agreement" : "").append(",error\n").toString();
  }

  @Override
  public String beginning() {
    return header();
  }

  @Override
  public String name(Path picture) {
    String text = FileNames.text(picture);
    boolean plain = Printer.clean(text).equals(text) && !text.startsWith(URI);
    return harmless(plain ? text : URI + escaped(FileNames.bytes(picture)));
  }

  private static String escaped(byte[] name) {
    StringBuilder out = new StringBuilder();
    for (byte b : name) {
      boolean plain =
          b >= '0' && b <= '9'
              || b >= 'A' && b <= 'Z'
              || b >= 'a' && b <= 'z'
              || "-._~/".indexOf(b) >= 0;
      out.append(plain ? Character.toString(b) : "%%%02X".formatted(b));
    }
    return out.toString();
  }

  private static String harmless(String cell) {
    return !cell.isEmpty() && FORMULA.indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
  }

  @Override
  public String record(Predictor.Answer answer) {
    StringBuilder line = new StringBuilder(quoted(name(answer.file())));
    if (answer.failure() != null) {
      line.append(",".repeat(2 * top + (voters > 1 ? 1 : 0)));
    } else {
      Vote.Verdict v = answer.verdict();
      for (int i = 0; i < top; i++) {
        int c = v.order()[i];
        line.append(',').append(cell(classes.get(c))).append(',').append((float) v.scores()[c]);
      }
      if (voters > 1) {
        line.append(',').append((float) v.agreement());
      }
    }
    return line.append(',')
        .append(answer.failure() == null ? "" : cell(answer.failure()))
        .append('\n')
        .toString();
  }

  private static String cell(String text) {
    return quoted(harmless(Printer.clean(text)));
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  @Override
  public Said said(String record) {
    List<String> cells = cells(record.stripTrailing()); // of an editor that ends lines otherwise
    int columns = 2 * top + (voters > 1 ? 3 : 2);
    return cells == null || cells.size() != columns
        ? null
        : new Said(cells.getFirst(), !cells.getLast().isEmpty());
  }

  /** The cells of a record without their quotes; null if a quote has no end. */
  private static List<String> cells(String record) {
    List<String> out = new ArrayList<>();
    StringBuilder cell = new StringBuilder();
    boolean quoted = false;
    for (int i = 0; i < record.length(); i++) {
      char c = record.charAt(i);
      if (c == '"' && quoted && record.startsWith("\"\"", i)) {
        cell.append('"');
        i++;
      } else if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        out.add(cell.toString());
        cell.setLength(0);
      } else {
        cell.append(c);
      }
    }
    out.add(cell.toString());
    return quoted ? null : out;
  }

  @Override
  public boolean quotesLines() {
    return true;
  }
}
