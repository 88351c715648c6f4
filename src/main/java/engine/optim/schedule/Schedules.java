package engine.optim.schedule;

import engine.base.Suggestion;
import engine.base.UserError;
import java.util.List;

/**
 * The table of schedules, and the way from their command-line names, {@code NAME} or {@code
 * NAME:key=value,key=value}, to them. A schedule is added by its file and a line here; see {@code
 * docs/adding/schedule.md}.
 *
 * <pre>
 * constant
 * cosine:t_max=10,eta_min=0
 * cosine-restarts:t_0=10,t_mult=1,eta_min=0
 * step:step_size=30,gamma=0.1
 * multistep:milestones=30/60/80,gamma=0.1
 * polynomial:total_iters=10,power=1
 * onecycle:max_lr=0.003,pct_start=0.3,div_factor=25,final_div_factor=1e4
 * warmup-cosine:warmup=5,start_factor=0.01,eta_min=0
 * </pre>
 *
 * Keys may be written with {@code -} for {@code _}.
 */
public final class Schedules {
  private static final List<ScheduleKind> KINDS =
      List.of(
          ConstantLR.KIND,
          CosineAnnealingLR.KIND,
          CosineAnnealingWarmRestarts.KIND,
          StepLR.KIND,
          MultiStepLR.KIND,
          PolynomialLR.KIND,
          OneCycleLR.KIND,
          SequentialLR.WARMUP_COSINE);

  /** The names that {@link #parse} takes. */
  public static final List<String> NAMES = KINDS.stream().map(ScheduleKind::name).toList();

  private Schedules() {}

  /** Whether the time of the schedule {@code spec} names counts steps rather than epochs. */
  public static boolean perStep(String spec) {
    return kind(name(spec)).perStep();
  }

  /**
   * Whether the schedule that {@code spec} names is laid over the length of the run: a cosine
   * without {@code t_max} is, steps are not.
   */
  public static boolean spansTheRun(String spec) {
    // Two lengths that leave room for any warm-up; what does not depend on them is the same.
    return !parse(spec, 1, Integer.MAX_VALUE).equals(parse(spec, 1, Integer.MAX_VALUE - 1));
  }

  /**
   * The schedule {@code spec} names.
   *
   * @param baseLr the run's learning rate; for {@code onecycle} the default of {@code max_lr}
   * @param total length of the run, in the unit of time of the schedule; where the run is shorter
   *     or longer than a cosine, say {@code t_max}
   * @throws UserError in one sentence, if the name, a key or a value is wrong
   */
  public static LrSchedule parse(String spec, double baseLr, long total) {
    String name = name(spec);
    ScheduleKind kind = kind(name);
    GivenSettings given =
        new GivenSettings(name, spec.substring(Math.min(spec.length(), name.length() + 1)));
    try {
      LrSchedule schedule = kind.maker().make(given, baseLr, total);
      given.refuseUnread();
      return schedule;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UserError("scheduler %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static String name(String spec) {
    int colon = spec.indexOf(':');
    return colon < 0 ? spec : spec.substring(0, colon);
  }

  private static ScheduleKind kind(String name) {
    return KINDS.stream()
        .filter(k -> k.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new UserError(
                    "there is no scheduler '%s': use one of %s%s"
                        .formatted(name, String.join(", ", NAMES), Suggestion.hint(name, NAMES))));
  }
}
