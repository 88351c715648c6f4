package engine.optim.schedule;

/** Always {@code baseLr}. */
public record ConstantLR(double baseLr) implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind("constant", false, (_, lr, _) -> new ConstantLR(lr));

  public ConstantLR {
    ScheduleChecks.lr("lr", baseLr);
  }

  @Override
  public double lr(long t) {
    return baseLr;
  }
}
