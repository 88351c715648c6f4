package engine.data;

import engine.base.UserError;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Rows of cells: RFC 4180, as spreadsheets and pandas write it. Cells are parted by commas,
 * semicolons (Excel, where a comma is in numbers) or tabs; in quotes a cell may hold all of these,
 * and line ends, and a quote twice for one. Lines end with LF, CR LF or CR. The text is UTF-8, or
 * UTF-16 if a byte order mark says so.
 */
final class DelimitedText implements AutoCloseable {
  /** Of characters: no path and no label is as long, but the rest of a file behind a quote is. */
  private static final int LONGEST_CELL = 1 << 16;

  private static final int MOST_CELLS = 4096;

  /** What a spreadsheet may write before the header to name the separator. */
  private static final String NAMED_SEPARATOR = "sep=";

  private final Path file;
  private final BufferedReader in;
  private final List<String> row = new ArrayList<>();
  private final StringBuilder cell = new StringBuilder();
  private char separator;
  private int line = 1;
  private int start;

  private DelimitedText(Path file, InputStream bytes) throws IOException {
    this.file = file;
    in = new BufferedReader(new InputStreamReader(bytes, charset(bytes).newDecoder()), 1 << 16);
  }

  /**
   * @throws UserError if it is no file or cannot be read
   */
  static DelimitedText open(Path file) {
    if (Files.exists(file) && !Files.isRegularFile(file)) {
      throw new UserError(file + " is a pipe or a device, not a file of rows: write it to a file");
    }
    try {
      var text = new DelimitedText(file, new BufferedInputStream(Files.newInputStream(file)));
      text.findSeparator();
      return text;
    } catch (IOException e) {
      throw failed(file, 1, e);
    }
  }

  private static Charset charset(InputStream bytes) throws IOException {
    bytes.mark(3);
    byte[] mark = bytes.readNBytes(3);
    bytes.reset();
    if (mark.length >= 2 && (mark[0] & mark[1] & 0xfe) == 0xfe && mark[0] != mark[1]) {
      return StandardCharsets.UTF_16; // takes the mark itself
    }
    if (mark.length == 3
        && mark[0] == (byte) 0xef
        && mark[1] == (byte) 0xbb
        && mark[2] == (byte) 0xbf) {
      bytes.skipNBytes(3);
    }
    return StandardCharsets.UTF_8;
  }

  /** The first of the separators in the first line, a tab before others in a {@code .tsv}. */
  private void findSeparator() throws IOException {
    in.mark(LONGEST_CELL);
    char[] chars = new char[LONGEST_CELL - 1];
    int n = Math.max(0, in.read(chars));
    in.reset();
    String first = new String(chars, 0, n).split("[\r\n]", 2)[0];
    if (first.startsWith(NAMED_SEPARATOR) && first.length() == NAMED_SEPARATOR.length() + 1) {
      separator = first.charAt(NAMED_SEPARATOR.length());
      next();
      return;
    }
    String bare = first.replaceAll("\"[^\"]*\"", "");
    String order = file.toString().toLowerCase(Locale.ROOT).endsWith(".tsv") ? "\t,;" : ",;\t";
    separator = order.charAt(0);
    for (int i = order.length() - 1; i >= 0; i--) {
      separator = bare.indexOf(order.charAt(i)) >= 0 ? order.charAt(i) : separator;
    }
  }

  /**
   * The next row that is not blank, its cells without spaces around them; null at the end.
   *
   * @throws UserError if the text is none
   */
  List<String> next() {
    try {
      do {
        if (!read()) {
          return null;
        }
      } while (row.stream().allMatch(String::isEmpty));
      return List.copyOf(row);
    } catch (IOException e) {
      throw failed(file, line, e);
    }
  }

  /** Where the last row began, from 1. */
  int line() {
    return start;
  }

  private boolean read() throws IOException {
    row.clear();
    cell.setLength(0);
    start = line;
    boolean quoted = false;
    int opened = 0;
    boolean any = false;
    for (int c = in.read(); ; c = in.read()) {
      if (c < 0) {
        if (quoted) {
          throw wrong("a quote that opens in line %d has no end".formatted(opened));
        }
        if (any) {
          add();
        }
        return any;
      }
      any = true;
      boolean lineEnd = c == '\n' || c == '\r';
      if (c == 0) {
        throw new UserError(
            file + " is no text: it must be a table of files and classes, saved as CSV or TSV");
      } else if (lineEnd) {
        line++;
        skipLineFeed(c);
      }
      if (quoted) {
        quoted = !endsQuote(c);
        if (quoted) {
          cell.append(lineEnd ? '\n' : (char) c);
        }
      } else if (c == '"' && cell.toString().isBlank()) {
        quoted = true;
        opened = line;
        cell.setLength(0);
      } else if (c == separator) {
        add();
      } else if (lineEnd) {
        add();
        return true;
      } else {
        cell.append((char) c);
      }
      if (cell.length() > LONGEST_CELL || row.size() > MOST_CELLS) {
        throw wrong("the row that begins in line %d is too long for one".formatted(start));
      }
    }
  }

  /** Whether a character of a quoted cell is the quote at its end; of two in it, takes one. */
  private boolean endsQuote(int c) throws IOException {
    if (c != '"') {
      return false;
    }
    in.mark(1);
    if (in.read() == '"') {
      return false;
    }
    in.reset();
    return true;
  }

  private void skipLineFeed(int c) throws IOException {
    if (c == '\r') {
      in.mark(1);
      if (in.read() != '\n') {
        in.reset();
      }
    }
  }

  private void add() {
    row.add(cell.toString().strip());
    cell.setLength(0);
  }

  private UserError wrong(String what) {
    return new UserError("%s cannot be read: %s; check the quotes there".formatted(file, what));
  }

  private static UserError failed(Path file, int line, IOException e) {
    return new UserError(
        e instanceof CharacterCodingException
            ? "%s is no text in UTF-8, from line %d on or soon after: save it as UTF-8"
                .formatted(file, line)
            : "cannot read " + file + ": " + ReadFailure.of(e),
        e);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException _) {
      // it was only read
    }
  }
}
