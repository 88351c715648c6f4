package engine.infer;

import engine.base.Setting;
import engine.base.UserError;
import engine.metrics.Logits;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * How the answers of several models become one. A model whose answer is no number (NaN) has no
 * vote: the others decide, by their weights among themselves.
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
   * @param agreement share of the models, each counted once, whose own answer is the one that won;
   *     one without a vote is not among those
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
          ("%d weights do not fit %d checkpoints: give one a "
                  + Setting.CHECKPOINT
                  + ", in their order")
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
   * @return null if no model with a weight has a vote
   */
  public Verdict decide(double[][] probabilities) {
    int classes = probabilities[0].length;
    double[] mean = new double[classes];
    double[] votes = new double[classes];
    int[] own = new int[probabilities.length];
    double voting = voting(probabilities);
    if (!(voting > 0)) {
      return null;
    }
    for (int m = 0; m < own.length; m++) {
      if (!isNumber(probabilities[m])) {
        own[m] = -1;
        continue;
      }
      // Divided only where somebody is missing: else 1/3 three times is not 1.
      double weight = voting == 1 ? weights.get(m) : weights.get(m) / voting;
      own[m] = Logits.argmax(probabilities[m]);
      votes[own[m]] += weight;
      for (int c = 0; c < classes; c++) {
        mean[c] += weight * probabilities[m][c];
      }
    }
    double[] scores = mode == Mode.SOFT ? mean : votes;
    int[] order = order(scores, mean);
    double agreeing = IntStream.of(own).filter(c -> c == order[0]).count();
    return new Verdict(scores, order, agreeing / own.length);
  }

  /** What the weights of the models that have a vote sum to: 1 where all have one. */
  private double voting(double[][] probabilities) {
    double sum = 0;
    boolean all = true;
    for (int m = 0; m < probabilities.length; m++) {
      boolean votes = isNumber(probabilities[m]);
      sum += votes ? weights.get(m) : 0;
      all &= votes;
    }
    return all ? 1 : sum;
  }

  private static boolean isNumber(double[] probabilities) {
    return DoubleStream.of(probabilities).allMatch(Double::isFinite);
  }

  private static int[] order(double[] scores, double[] mean) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -scores[c]).thenComparing(c -> -mean[c]))
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
