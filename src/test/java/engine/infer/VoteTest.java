package engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.base.UserError;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Votes whose results are reckoned by hand. */
final class VoteTest {
  private static final double[][] THREE = {{0.9, 0.1, 0}, {0.4, 0.6, 0}, {0.3, 0.5, 0.2}};

  private static Vote.Verdict decide(Vote.Mode mode, List<Double> weights, double[][] models) {
    return Vote.of(mode, models.length, weights).decide(models);
  }

  @Test
  void aSoftVoteIsTheMeanOfTheProbabilities() {
    Vote.Verdict v = decide(Vote.Mode.SOFT, null, THREE);
    assertArrayEquals(new double[] {1.6 / 3, 0.4, 0.2 / 3}, v.scores(), 1e-12);
    assertArrayEquals(new int[] {0, 1, 2}, v.order());
    assertEquals(1.0 / 3, v.agreement(), 1e-12, "only the first model names class 0 itself");
  }

  @Test
  void aHardVoteCountsAnswersNotConfidence() {
    Vote.Verdict v = decide(Vote.Mode.HARD, null, THREE);
    assertEquals(1, v.answer());
    assertArrayEquals(new double[] {1.0 / 3, 2.0 / 3, 0}, v.scores(), 1e-12);
    assertEquals(2.0 / 3, v.agreement(), 1e-12);
  }

  @Test
  void weightsNeedNotSumToOne() {
    Vote.Verdict soft = decide(Vote.Mode.SOFT, List.of(0.0, 2.0, 2.0), THREE);
    assertArrayEquals(new double[] {0.35, 0.55, 0.1}, soft.scores(), 1e-12);
    Vote.Verdict hard = decide(Vote.Mode.HARD, List.of(3.0, 1.0, 1.0), THREE);
    assertEquals(0, hard.answer());
    assertEquals(1.0 / 3, hard.agreement(), 1e-12, "agreement counts each model once");
  }

  @Test
  void ofEqualHardVotesTheLargerMeanProbabilityWins() {
    double[][] tie = {{0.55, 0.45}, {0.1, 0.9}};
    assertEquals(1, decide(Vote.Mode.HARD, null, tie).answer());
    double[][] other = {{0.95, 0.05}, {0.45, 0.55}};
    assertEquals(0, decide(Vote.Mode.HARD, null, other).answer());
  }

  @Test
  void aModelWhoseAnswerIsNoNumberHasNoVote() {
    double[] nan = {Double.NaN, Double.NaN, Double.NaN};
    double[] partly = {0.5, Double.NaN, 0.5};
    for (Vote.Mode mode : Vote.Mode.values()) {
      Vote.Verdict all = decide(mode, List.of(1.0, 2.0), new double[][] {THREE[1], THREE[2]});
      for (double[] lost : new double[][] {nan, partly}) {
        Vote.Verdict v =
            decide(mode, List.of(5.0, 1.0, 2.0), new double[][] {lost, THREE[1], THREE[2]});
        assertArrayEquals(all.scores(), v.scores(), 1e-12);
        assertArrayEquals(all.order(), v.order());
        assertEquals(2.0 / 3, v.agreement(), 1e-12, "it is one of three that does not agree");
      }
      assertNull(decide(mode, null, new double[][] {nan, partly}));
      assertNull(decide(mode, List.of(0.0, 1.0), new double[][] {THREE[0], nan}), "no weight left");
    }
  }

  @Test
  void weightsThatMakeNoVoteAreRefused() {
    for (List<Double> wrong :
        List.of(
            List.of(1.0), List.of(0.0, 0.0), List.of(1.0, -1.0), Arrays.asList(1.0, Double.NaN))) {
      assertThrows(UserError.class, () -> Vote.of(Vote.Mode.SOFT, 2, wrong), wrong.toString());
    }
  }
}
