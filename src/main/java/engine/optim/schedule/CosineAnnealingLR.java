package engine.optim.schedule;

/**
 * Half a cosine wave from {@code baseLr} at 0 to {@code etaMin} at {@code tMax} (Loshchilov and
 * Hutter 2017, eq. 5). It does not restart: past {@code tMax} the rate climbs the wave's other half
 * and is back at {@code baseLr} at {@code 2 tMax}.
 */
public record CosineAnnealingLR(double baseLr, long tMax, double etaMin) implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "cosine",
          false,
          (s, lr, total) ->
              new CosineAnnealingLR(lr, s.integer("t_max", total), s.number("eta_min", 0)));

  public CosineAnnealingLR {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.positive("t_max", tMax);
    ScheduleChecks.lr("eta_min", etaMin);
  }

  @Override
  public double lr(long t) {
    return etaMin + (baseLr - etaMin) * (1 + Math.cos(Math.PI * t / tMax)) / 2;
  }
}
