package engine.optim.schedule;

/**
 * A straight line from {@code baseLr * startFactor} at 0 to {@code baseLr * endFactor} at {@code
 * totalIters}, constant from there on. With {@code totalIters} 0 it is at its end at once.
 */
public record LinearLR(double baseLr, double startFactor, double endFactor, long totalIters)
    implements LrSchedule {
  public LinearLR {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.share("start_factor", startFactor);
    ScheduleChecks.share("end_factor", endFactor);
    if (totalIters < 0) {
      throw new IllegalArgumentException("total_iters must be at least 0, not " + totalIters);
    }
  }

  @Override
  public double lr(long t) {
    if (t >= totalIters) {
      return baseLr * endFactor;
    }
    return baseLr * (startFactor + (endFactor - startFactor) * t / totalIters);
  }
}
