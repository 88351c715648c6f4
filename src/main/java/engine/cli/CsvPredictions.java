package engine.cli;

import engine.train.Predictor;
import engine.train.Vote;
import java.util.List;

/**
 * Comma-separated values as RFC 4180 has them, but with plain line feeds.
 *
 * @param top how many classes a record names
 * @param voters how many models made the answers
 */
record CsvPredictions(List<String> classes, int top, int voters) implements PredictionFormat {
  @Override
  public String header() {
    StringBuilder line = new StringBuilder("file");
    for (int i = 1; i <= top; i++) {
      line.append(",class_").append(i).append(",probability_").append(i);
    }
    return line.append(voters > 1 ? ",agreement" : "").append(",error\n").toString();
  }

  @Override
  public String record(Predictor.Answer answer) {
    StringBuilder line = new StringBuilder(quoted(answer.file().toString()));
    if (answer.failure() != null) {
      line.append(",".repeat(2 * top + (voters > 1 ? 1 : 0)));
    } else {
      Vote.Verdict v = answer.verdict();
      for (int i = 0; i < top; i++) {
        int c = v.order()[i];
        line.append(',').append(quoted(classes.get(c))).append(',').append((float) v.scores()[c]);
      }
      if (voters > 1) {
        line.append(',').append((float) v.agreement());
      }
    }
    return line.append(',')
        .append(answer.failure() == null ? "" : quoted(answer.failure()))
        .append('\n')
        .toString();
  }

  private static String quoted(String field) {
    boolean plain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }

  @Override
  public String picture(String record) {
    if (!record.startsWith("\"")) {
      int end = record.indexOf(',');
      return end < 0 ? null : record.substring(0, end);
    }
    StringBuilder name = new StringBuilder();
    for (int i = 1; i < record.length(); i++) {
      char c = record.charAt(i);
      if (c != '"') {
        name.append(c);
      } else if (record.startsWith("\"\"", i)) {
        name.append('"');
        i++;
      } else {
        return name.toString();
      }
    }
    return null;
  }

  @Override
  public boolean quotesLines() {
    return true;
  }
}
