package engine.optim.schedule;

/**
 * {@code baseLr * (1 - t / totalIters) ^ power}, and 0 from {@code totalIters} on: a straight line
 * for power 1, and the "poly" rate of segmentation networks for 0.9 (Chen et al. 2017, section 4).
 */
public record PolynomialLR(double baseLr, long totalIters, double power) implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "polynomial",
          false,
          (s, lr, total) ->
              new PolynomialLR(lr, s.integer("total_iters", total), s.number("power", 1)));

  public PolynomialLR {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.positive("total_iters", totalIters);
    ScheduleChecks.positive("power", power);
  }

  @Override
  public double lr(long t) {
    return baseLr * Math.pow(1 - (double) Math.min(t, totalIters) / totalIters, power);
  }
}
