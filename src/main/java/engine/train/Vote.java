package engine.train;

import engine.base.UserError;
import engine.train.metrics.Logits;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How the answers of several models become one.
 *
 * @param mode what a model contributes
 * @param weights what each model's contribution counts, in the order of the models; they sum to 1
 */
public record Vote(Mode mode, List<Double> weights) {
  /** What a model contributes to an answer. */
  public enum Mode {
    /** Its probabilities: the answer is their weighted mean. */
    SOFT,
    /** One vote for its most probable class; of equal votes the larger mean probability wins. */
    HARD
  }

  /**
   * What was decided about a picture.
   *
   * @param scores of each class: the mean probability, or with hard votes the share of the votes
   * @param order the classes, best first
   * @param agreement share of the models, each counted once, whose own answer is the one that won
   */
  public record Verdict(double[] scores, int[] order, double agreement) {
    public int answer() {
      return order[0];
    }
  }

  /**
   * @param models how many there are
   * @param weights one a model, 0 or more and not all 0; null for equal ones
   * @throws UserError if they do not fit
   */
  public static Vote of(Mode mode, int models, List<Double> weights) {
    if (weights == null) {
      return new Vote(mode, IntStream.range(0, models).mapToObj(_ -> 1.0 / models).toList());
    }
    if (weights.size() != models) {
      throw new UserError(
          "%d weights do not fit %d checkpoints: give one a --checkpoint, in their order"
              .formatted(weights.size(), models));
    }
    double sum = weights.stream().mapToDouble(w -> w).sum();
    if (!(sum > 0 && Double.isFinite(sum)) || weights.stream().anyMatch(w -> w < 0)) {
      throw new UserError("the weights of a vote are 0 or more and not all 0, not " + weights);
    }
    return new Vote(mode, weights.stream().map(w -> w / sum).toList());
  }

  /**
   * @param probabilities [models][classes]
   */
  public Verdict decide(double[][] probabilities) {
    int classes = probabilities[0].length;
    double[] mean = new double[classes];
    double[] votes = new double[classes];
    int[] own = new int[probabilities.length];
    for (int m = 0; m < own.length; m++) {
      own[m] = Logits.argmax(probabilities[m]);
      votes[own[m]] += weights.get(m);
      for (int c = 0; c < classes; c++) {
        mean[c] += weights.get(m) * probabilities[m][c];
      }
    }
    double[] scores = mode == Mode.SOFT ? mean : votes;
    int[] order = order(scores, mean);
    double agreeing = IntStream.of(own).filter(c -> c == order[0]).count();
    return new Verdict(scores, order, agreeing / own.length);
  }

  private static int[] order(double[] scores, double[] mean) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -scores[c]).thenComparing(c -> -mean[c]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
