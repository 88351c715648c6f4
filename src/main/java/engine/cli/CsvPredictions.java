package engine.cli;

import engine.infer.Predictor;
import engine.infer.Vote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Comma-separated values as RFC 4180 has them, but with plain line feeds.
 *
 * <p>Cells are those of {@link CsvCells}: no formulas, and a name of its own for every file.
 *
 * @param top how many classes a record names
 * @param voters how many models made the answers
 * @param least probability of a class that is named
 */
record CsvPredictions(List<String> classes, int top, int voters, double least)
    implements PredictionFormat {
  private static final CsvCells CELLS = new CsvCells(',');

  /** Which names all. */
  CsvPredictions(List<String> classes, int top, int voters) {
    this(classes, top, voters, 0);
  }

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
    return CsvCells.name(picture);
  }

  @Override
  public String record(Predictor.Answer answer) {
    StringBuilder line = new StringBuilder(CELLS.file(answer.file()));
    if (answer.failure() != null) {
      line.append(",".repeat(2 * top + (voters > 1 ? 1 : 0)));
    } else {
      Vote.Verdict v = answer.verdict();
      for (int i = 0; i < top; i++) {
        int c = v.order()[i];
        if (v.scores()[c] < least) {
          line.append(",,");
          continue;
        }
        line.append(',')
            .append(CELLS.text(classes.get(c)))
            .append(',')
            .append((float) v.scores()[c]);
      }
      if (voters > 1) {
        line.append(',').append((float) v.agreement());
      }
    }
    return line.append(',')
        .append(answer.failure() == null ? "" : CELLS.text(answer.failure()))
        .append('\n')
        .toString();
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
