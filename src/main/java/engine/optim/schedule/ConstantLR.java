package engine.optim.schedule;

/** Always {@code baseLr}. */
public record ConstantLR(double baseLr) implements LrSchedule {
  public ConstantLR {
    ScheduleChecks.lr("lr", baseLr);
  }

  @Override
  public double lr(long t) {
    return baseLr;
  }
}
