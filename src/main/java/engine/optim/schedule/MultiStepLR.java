package engine.optim.schedule;

import java.util.List;

/** {@code baseLr}, multiplied by {@code gamma} at each milestone (twice at one named twice). */
public record MultiStepLR(double baseLr, List<Long> milestones, double gamma)
    implements LrSchedule {
  static final ScheduleKind KIND =
      new ScheduleKind(
          "multistep",
          false,
          (s, lr, _) -> new MultiStepLR(lr, s.integers("milestones"), s.number("gamma", 0.1)));

  public MultiStepLR {
    ScheduleChecks.lr("lr", baseLr);
    ScheduleChecks.positive("gamma", gamma);
    if (milestones.isEmpty()) {
      throw new IllegalArgumentException(
          "it needs at least one milestone, such as milestones=30/60");
    }
    milestones.forEach(m -> ScheduleChecks.positive("a milestone", m));
    milestones = milestones.stream().sorted().toList();
  }

  @Override
  public double lr(long t) {
    long passed = milestones.stream().filter(m -> m <= t).count();
    return baseLr * Math.pow(gamma, passed);
  }
}
