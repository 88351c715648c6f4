package engine.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfidentLearningTest {
  /** Thresholds by hand: of class 0 (0.9 + 0.8 + 0.1) / 3 = 0.6, of class 1 (0.4 + 0.35) / 2. */
  @Test
  void aLabelIsSuspectWhereAnotherClassIsSurerThanItUsuallyIs() {
    List<double[]> p =
        List.of(
            new double[] {0.9, 0.1, 0},
            new double[] {0.8, 0.2, 0},
            new double[] {0.1, 0.5, 0.4},
            new double[] {0.58, 0.4, 0.02},
            new double[] {0.65, 0.35, 0});
    List<ConfidentLearning.Suspect> found =
        ConfidentLearning.suspects(p, new int[] {0, 0, 0, 1, 1});
    assertEquals(List.of(2, 4), found.stream().map(ConfidentLearning.Suspect::index).toList());
    ConfidentLearning.Suspect first = found.getFirst();
    assertEquals(1, first.predicted());
    assertEquals(0.5, first.probability());
    assertEquals(0.1, first.selfConfidence());
    assertEquals(-0.4, first.margin(), 1e-12);
  }

  /** Picture 1 reaches the threshold of class 1 alone, but is most probably what it is called. */
  @Test
  void whatIsMostProbablyRightIsNotSuspect() {
    List<double[]> p =
        List.of(
            new double[] {0.99, 0.01},
            new double[] {0.55, 0.45},
            new double[] {0.6, 0.4},
            new double[] {0.6, 0.4});
    List<ConfidentLearning.Suspect> found = ConfidentLearning.suspects(p, new int[] {0, 0, 1, 1});
    assertEquals(List.of(), found);
  }

  @Test
  void aClassWithoutPicturesTakesNone() {
    assertEquals(
        List.of(), ConfidentLearning.suspects(List.of(new double[] {0.1, 0.9}), new int[] {0}));
    assertEquals(List.of(), ConfidentLearning.suspects(List.of(), new int[0]));
  }
}
