package engine.backend.cpu.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** The decision, from readings as they came of a machine with two cores. */
final class CrowdingTest {
  private static final long INTERVAL = 50_000_000;

  private final Crowding crowding = new Crowding();

  /** Intervals in which two threads ran and waited for such shares of it; the last state. */
  private boolean after(int intervals, double ran, double waited) {
    boolean crowded = false;
    for (int i = 0; i < intervals; i++) {
      crowded = crowding.after(INTERVAL, reading(ran, waited));
    }
    return crowded;
  }

  private static RunDelays.Reading reading(double ran, double waited) {
    return new RunDelays.Reading((long) (ran * INTERVAL), (long) (waited * INTERVAL));
  }

  @Test
  void aloneItStaysQuiet() {
    assertFalse(after(200, 1.96, 0.04));
  }

  @Test
  void theFirstIntervalBesideTwoBusyThreadsIsEnough() {
    assertTrue(after(1, 1, 1));
  }

  @Test
  void anInstantOfCompanyIsNotEnough() {
    after(40, 1.96, 0.04);
    assertFalse(after(1, 1.4, 0.6));
    assertTrue(after(3, 1.4, 0.6));
  }

  @Test
  void aNeighbourThatMostlySleepsIsNone() {
    assertFalse(after(200, 1.7, 0.4));
  }

  @Test
  void besideTwoBusyThreadsTheLongSpinIsTriedFewTimes() {
    int longIntervals = 0;
    boolean crowded = false;
    for (int i = 0; i < 1200; i++) {
      longIntervals += crowded ? 0 : 1;
      crowded = crowded ? after(1, 1, 0.55) : after(1, 1, 1);
    }
    assertTrue(longIntervals > 3 && longIntervals < 10, longIntervals + " of a minute's 1200");
  }

  @Test
  void othersThatGiveWayAreNoReasonForAShortSpin() {
    // Such as the compiler in the first seconds, and a neighbour of low priority from then on.
    boolean crowded = after(20, 1, 1);
    for (int i = 0; i < 200; i++) {
      crowded = crowded ? after(1, 1, 0.6) : after(1, 1.9, 0.1);
    }
    assertFalse(crowded);
  }

  @Test
  void quietAgainAFewSecondsAfterTheNeighboursEnd() {
    boolean crowded = after(1, 1, 1);
    for (int i = 0; i < 10; i++) {
      assertTrue(crowded);
      crowded = after(1, 1.6, 0.1);
    }
    for (int i = 0; i < 40; i++) {
      crowded = after(1, 1.6, 0.1);
    }
    assertFalse(crowded);
  }

  @Test
  void withoutWorkNothingIsLearned() {
    after(1, 1, 1);
    assertTrue(after(1000, 0, 0));
    assertTrue(after(1000, 0.02, 0));
    assertTrue(Crowding.isIdle(INTERVAL, reading(0.02, 0)));
    assertFalse(Crowding.isIdle(INTERVAL, reading(0.2, 0.8)));
  }

  @Test
  void aMachineThatCountsNoDelaysIsQuiet() {
    assertFalse(after(20, 0, 0));
  }
}
