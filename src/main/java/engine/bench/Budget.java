package engine.bench;

import engine.base.Setting;
import engine.base.UserError;

/**
 * How long to measure.
 *
 * @param runs exactly so many timed runs; 0 to go by time
 * @param seconds at least so long, and at least {@link #FEWEST_RUNS} runs
 */
public record Budget(int runs, double seconds) {
  private static final int FEWEST_RUNS = 3;
  private static final int FEWEST_WARM_UPS = 2;

  public Budget {
    if (runs < 0) {
      throw new UserError(Setting.STEPS + " must be 0 or more, not " + runs);
    }
    if (!(seconds > 0) || seconds > 3600) {
      throw new UserError(Setting.SECONDS + " must be above 0 and at most 3600, not " + seconds);
    }
  }

  /** The same number of runs, or no more than {@code most} seconds. */
  Budget atMost(double most) {
    return new Budget(runs, Math.min(seconds, most));
  }

  boolean isWarm(int runsDone, double secondsPassed) {
    // A fifth of the time: the JIT compiler is still at work in the first seconds of a short step.
    return runsDone >= FEWEST_WARM_UPS && (runs > 0 || secondsPassed >= seconds / 5);
  }

  boolean isSpent(int runsDone, double secondsPassed) {
    return runs > 0 ? runsDone >= runs : runsDone >= FEWEST_RUNS && secondsPassed >= seconds;
  }
}
