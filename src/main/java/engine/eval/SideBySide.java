package engine.eval;

import engine.base.UserError;
import engine.console.Units;
import engine.data.BadImages.BadImage;
import engine.data.Dataset;
import engine.data.loader.DataLoader;
import engine.infer.LoadedModel;
import engine.infer.Vote;
import engine.metrics.MetricsAccumulator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntConsumer;

/**
 * What several models say of the same pictures, each for itself and all in a vote. One model is
 * loaded at a time; a row of probabilities a picture and model is held in memory.
 *
 * @param each the evaluations, in the order of the models; their answers are of the same pictures
 *     in the same order
 * @param vote the evaluation of the mean of their probabilities
 * @param leftOut pictures that could not be read
 */
public record SideBySide(List<Evaluation> each, Evaluation vote, List<BadImage> leftOut) {
  /** The least probability that has a logarithm here, as in a vote. */
  private static final double LEAST = 1e-30;

  /** Loads one of the models; it is closed after its last answer. */
  @FunctionalInterface
  public interface Opener {
    LoadedModel open() throws IOException;
  }

  /**
   * @param models of the same classes in the same order
   * @param progress told the pictures done so far, over all models
   */
  public static SideBySide of(
      List<Opener> models, Dataset data, DataLoader.Config config, IntConsumer progress)
      throws IOException {
    List<ClassProbabilities> said = new ArrayList<>();
    for (Opener opener : models) {
      try (LoadedModel m = opener.open()) {
        int before = said.size() * data.size();
        said.add(
            ClassProbabilities.of(
                m,
                data,
                List.of(m.info().preprocessing().evalTransform()),
                config,
                n -> progress.accept(before + n)));
      }
    }
    int classes = data.classNames().size();
    Vote vote = Vote.of(Vote.Mode.SOFT, said.size(), null);
    List<Tally> each = said.stream().map(p -> new Tally(classes, p.seconds())).toList();
    Tally together =
        new Tally(classes, said.stream().mapToDouble(ClassProbabilities::seconds).sum());
    for (int i = 0; i < data.size(); i++) {
      int sample = i;
      double[][] rows = said.stream().map(p -> p.row(sample)).toArray(double[][]::new);
      if (Arrays.stream(rows).anyMatch(Objects::isNull)) {
        continue; // it could not be read
      }
      for (int m = 0; m < rows.length; m++) {
        each.get(m).add(rows[m], i, data.label(i));
      }
      together.add(vote.decide(rows).scores(), i, data.label(i));
    }
    List<BadImage> leftOut = said.getFirst().leftOut();
    if (together.answers.isEmpty()) {
      throw new UserError(
          "none of the %s to compare on can be read; the first is %s: put back what was there, or name other pictures"
              .formatted(Units.count(data.size(), "picture"), leftOut.getFirst()));
    }
    return new SideBySide(
        each.stream().map(Tally::result).toList(), together.result(), List.copyOf(leftOut));
  }

  /** Of each picture, in the order of the answers, whether an evaluation has it right. */
  public static boolean[] right(Evaluation e) {
    boolean[] out = new boolean[e.answers().size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = e.answers().get(i).isRight();
    }
    return out;
  }

  private static final class Tally {
    private final int classes;
    private final double seconds;
    private final MetricsAccumulator metrics;
    private final List<Evaluation.Answer> answers = new ArrayList<>();

    Tally(int classes, double seconds) {
      this.classes = classes;
      this.seconds = seconds;
      this.metrics = new MetricsAccumulator(classes);
    }

    /** The logarithm of a probability is a logit of it. */
    void add(double[] row, int sample, int label) {
      float[] logits = new float[classes];
      for (int c = 0; c < classes; c++) {
        logits[c] = (float) Math.log(Math.max(LEAST, row[c]));
      }
      metrics.add(logits.clone(), new int[] {label});
      Evaluator.collect(answers, logits, new int[] {sample}, new int[] {label}, classes);
    }

    Evaluation result() {
      return new Evaluation(
          metrics.result(), List.copyOf(answers), seconds, answers.size() / seconds);
    }
  }
}
