package engine.optim.schedule;

/**
 * Half cosine waves from {@code baseLr} towards {@code etaMin}, one after the other (SGDR,
 * Loshchilov and Hutter 2017): the first takes {@code t0}, each later one {@code tMult} times its
 * predecessor.
 */
public record CosineAnnealingWarmRestarts(double baseLr, long t0, int tMult, double etaMin)
    implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "cosine-restarts",
          false,
          (s, lr, _) ->
              new CosineAnnealingWarmRestarts(
                  lr,
                  s.integer("t_0", 10),
                  Math.toIntExact(s.integer("t_mult", 1)),
                  s.number("eta_min", 0)));

  public CosineAnnealingWarmRestarts {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.positive("t_0", t0);
    ScheduleChecks.positive("t_mult", tMult);
    ScheduleChecks.lr("eta_min", etaMin);
  }

  @Override
  public double lr(long t) {
    long cycle = t0;
    long into = t;
    if (tMult == 1) {
      into = t % t0;
    } else {
      while (into >= cycle) {
        into -= cycle;
        cycle *= tMult; // stays below t * tMult, so no overflow for any t a run can reach
      }
    }
    return etaMin + (baseLr - etaMin) * (1 + Math.cos(Math.PI * into / cycle)) / 2;
  }
}
