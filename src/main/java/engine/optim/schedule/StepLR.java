package engine.optim.schedule;

/** {@code baseLr}, multiplied by {@code gamma} every {@code stepSize}. */
public record StepLR(double baseLr, long stepSize, double gamma) implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "step",
          false,
          (s, lr, _) -> new StepLR(lr, s.integer("step_size", 30), s.number("gamma", 0.1)));

  public StepLR {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.positive("step_size", stepSize);
    ScheduleChecks.positive("gamma", gamma);
  }

  @Override
  public double lr(long t) {
    return baseLr * Math.pow(gamma, t / stepSize);
  }
}
