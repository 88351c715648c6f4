package engine.cli;

import engine.base.FileNames;
import engine.console.Printer;
import java.nio.file.Path;

/**
 * Cells of CSV (RFC 4180) or TSV that do no harm in a spreadsheet.
 *
 * <p>Spreadsheets take a cell that begins with {@code =}, {@code +}, {@code -}, {@code @} or a
 * control character for a formula, which may send the rest of the sheet away. As OWASP advises,
 * such a cell gets an apostrophe in front; so that names stay different, one that begins with an
 * apostrophe gets another.
 *
 * <p>A file's name that has bytes that are no UTF-8, control characters or marks of direction is
 * written as {@code file:} and its bytes as in a URI, {@code file:caf%E9/p0.jpg}; so is one that
 * begins with {@code file:}. Other text has {@code ?} for such characters, as on a terminal.
 *
 * @param separator between cells
 */
record CsvCells(char separator) {
  private static final String URI = "file:";

  /** The last four are full-width forms, which some spreadsheets take for the first. */
  private static final String FORMULA = "=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20";

  /** What a file is called, without the quotes of a cell: different for different files. */
  static String name(Path file) {
    String text = FileNames.text(file);
    boolean plain = Printer.clean(text).equals(text) && !text.startsWith(URI);
    return harmless(plain ? text : URI + escaped(FileNames.bytes(file)));
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

  /** The cell of a file. */
  String file(Path file) {
    return quoted(name(file));
  }

  /** The cell of other text. */
  String text(String text) {
    return quoted(harmless(Printer.clean(text)));
  }

  private String quoted(String field) {
    boolean plain =
        field.chars().noneMatch(c -> c == separator || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
