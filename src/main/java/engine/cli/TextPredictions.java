package engine.cli;

import engine.console.Units;
import engine.infer.Predictor;
import engine.infer.Vote;
import java.util.List;

/**
 * A line for people.
 *
 * @param top how many classes a line names
 * @param voters how many models made the answers
 * @param least probability of a class that is named
 */
record TextPredictions(List<String> classes, int top, int voters, double least) {
  String line(Predictor.Answer answer) {
    Vote.Verdict v = answer.verdict();
    StringBuilder line = new StringBuilder(answer.file().toString());
    for (int i = 0; i < top; i++) {
      int c = v.order()[i];
      if (v.scores()[c] < least) {
        line.append(i == 0 ? "  unsure" : "");
        break;
      }
      line.append("  ").append(classes.get(c)).append(' ').append(Units.percent(v.scores()[c]));
    }
    if (voters > 1) {
      line.append("  (%d of %d agree)".formatted(Math.round(v.agreement() * voters), voters));
    }
    return line.toString();
  }
}
