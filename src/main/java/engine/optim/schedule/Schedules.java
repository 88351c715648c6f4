package engine.optim.schedule;

import engine.base.UserError;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Schedules by their command-line names: {@code NAME} or {@code NAME:key=value,key=value}.
 *
 * <pre>
 * constant
 * cosine:t_max=10,eta_min=0
 * cosine-restarts:t_0=10,t_mult=1,eta_min=0
 * step:step_size=30,gamma=0.1
 * multistep:milestones=30/60/80,gamma=0.1
 * onecycle:max_lr=0.003,pct_start=0.3,div_factor=25,final_div_factor=1e4
 * warmup-cosine:warmup=5,start_factor=0.01,eta_min=0
 * </pre>
 *
 * Keys may be written with {@code -} for {@code _}.
 */
public final class Schedules {
  /** The names that {@link #parse} takes. */
  public static final List<String> NAMES =
      List.of(
          "constant",
          "cosine",
          "cosine-restarts",
          "step",
          "multistep",
          "onecycle",
          "warmup-cosine");

  private Schedules() {}

  /**
   * The schedule {@code spec} names.
   *
   * @param baseLr the run's learning rate; for {@code onecycle} the default of {@code max_lr}
   * @param total length of the run, in the unit of time of the schedule; where the run is shorter
   *     or longer than a cosine, say {@code t_max}
   * @throws UserError in one sentence, if the name, a key or a value is wrong
   */
  public static LrSchedule parse(String spec, double baseLr, long total) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    Map<String, String> given = options(colon < 0 ? "" : spec.substring(colon + 1), spec);
    return of(name, given, baseLr, total);
  }

  /** As {@link #parse}, with the settings already taken apart. */
  public static LrSchedule of(String name, Map<String, String> given, double baseLr, long total) {
    Settings s = new Settings(name, given);
    try {
      LrSchedule schedule = make(name, s, baseLr, total);
      s.refuseUnread();
      return schedule;
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new UserError("scheduler %s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static LrSchedule make(String name, Settings s, double baseLr, long total) {
    return switch (name) {
      case "constant" -> new ConstantLR(baseLr);
      case "cosine" ->
          new CosineAnnealingLR(baseLr, s.integer("t_max", total), s.number("eta_min", 0));
      case "cosine-restarts" ->
          new CosineAnnealingWarmRestarts(
              baseLr,
              s.integer("t_0", 10),
              Math.toIntExact(s.integer("t_mult", 1)),
              s.number("eta_min", 0));
      case "step" -> new StepLR(baseLr, s.integer("step_size", 30), s.number("gamma", 0.1));
      case "multistep" -> new MultiStepLR(baseLr, s.integers("milestones"), s.number("gamma", 0.1));
      case "onecycle" ->
          new OneCycleLR(
              s.number("max_lr", baseLr),
              total,
              s.number("pct_start", 0.3),
              s.number("div_factor", 25),
              s.number("final_div_factor", 1e4));
      case "warmup-cosine" ->
          SequentialLR.linearThenCosine(
              baseLr,
              s.integer("warmup", Math.min(5, Math.max(0, total - 1))),
              total,
              s.number("start_factor", 0.01),
              s.number("eta_min", 0));
      default ->
          throw new UserError(
              "there is no scheduler '%s'; use one of %s"
                  .formatted(name, String.join(", ", NAMES)));
    };
  }

  private static Map<String, String> options(String text, String spec) {
    Map<String, String> out = new LinkedHashMap<>();
    for (String part : text.isBlank() ? new String[0] : text.split(",")) {
      int eq = part.indexOf('=');
      if (eq < 1) {
        throw new UserError("'%s' in scheduler '%s' is not key=value".formatted(part, spec));
      }
      out.put(part.substring(0, eq).strip().replace('-', '_'), part.substring(eq + 1).strip());
    }
    return out;
  }

  /** Settings by name, which remembers the names it was asked for. */
  private record Settings(String scheduler, Map<String, String> given, Set<String> known) {
    Settings(String scheduler, Map<String, String> given) {
      this(scheduler, given, new TreeSet<>());
    }

    double number(String key, double otherwise) {
      String text = text(key);
      try {
        return text == null ? otherwise : Double.parseDouble(text);
      } catch (NumberFormatException e) {
        throw bad(key, text, "a number");
      }
    }

    long integer(String key, long otherwise) {
      String text = text(key);
      try {
        return text == null ? otherwise : Long.parseLong(text);
      } catch (NumberFormatException e) {
        throw bad(key, text, "a whole number");
      }
    }

    List<Long> integers(String key) {
      String text = text(key);
      try {
        return text == null
            ? List.of()
            : Arrays.stream(text.split("[/;]")).map(String::strip).map(Long::valueOf).toList();
      } catch (NumberFormatException e) {
        throw bad(key, text, "whole numbers with / between them, such as 30/60/80");
      }
    }

    void refuseUnread() {
      for (String key : given.keySet()) {
        if (!known.contains(key)) {
          throw new UserError(
              known.isEmpty()
                  ? "scheduler %s takes no settings, so leave out %s".formatted(scheduler, key)
                  : "scheduler %s has no setting %s; it takes %s"
                      .formatted(scheduler, key, String.join(", ", known)));
        }
      }
    }

    private String text(String key) {
      known.add(key);
      return given.get(key);
    }

    private UserError bad(String key, String text, String wanted) {
      return new UserError(
          "%s of scheduler %s must be %s, not '%s'".formatted(key, scheduler, wanted, text));
    }
  }
}
