package engine.cli;

import engine.base.UserError;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * What a sweep may give an option: one of a list, or a number from a range.
 *
 * @param kind {@code choice}, {@code uniform}, {@code log_uniform} or {@code int_uniform}
 * @param values of a choice, or the two ends
 */
record SweepRange(String kind, List<String> values) {
  private static final List<String> KINDS =
      List.of("choice", "uniform", "log_uniform", "int_uniform");

  /** A drawn number has as many digits as matter, so that it can be typed again. */
  private static final MathContext DIGITS = new MathContext(4);

  /**
   * As a file has it: {@code [16, 32]}, or {@code {log_uniform: [1e-4, 1e-1]}}.
   *
   * @throws UserError that names the option
   */
  static SweepRange of(String option, Object from) {
    if (from instanceof List<?> list) {
      return new SweepRange("choice", words(option, list)).checked(option);
    }
    if (from instanceof Map<?, ?> map && map.size() == 1) {
      String kind = String.valueOf(map.keySet().iterator().next()).replace('-', '_');
      if (KINDS.contains(kind) && map.values().iterator().next() instanceof List<?> list) {
        return new SweepRange(kind, words(option, list)).checked(option);
      }
    }
    throw new UserError(
        "'%s' in the sweep needs a list, or one of uniform, log_uniform and int_uniform with two numbers, such as {log_uniform: [1e-4, 1e-1]}"
            .formatted(option));
  }

  private static List<String> words(String option, List<?> list) {
    if (list.isEmpty() || !list.stream().allMatch(o -> o instanceof String)) {
      throw new UserError(
          "'%s' in the sweep has a list of more, or less, than values".formatted(option));
    }
    return list.stream().map(String.class::cast).toList();
  }

  private SweepRange checked(String option) {
    if (isChoice()) {
      return this;
    }
    double low = values.size() == 2 ? number(values.get(0)) : Double.NaN;
    double high = values.size() == 2 ? number(values.get(1)) : Double.NaN;
    boolean whole = !kind.equals("int_uniform") || low == Math.rint(low) && high == Math.rint(high);
    if (!(low < high) || !whole || kind.equals("log_uniform") && !(low > 0)) {
      throw new UserError(
          "%s of '%s' in the sweep needs two %snumbers, the lower first%s, not %s"
              .formatted(
                  kind,
                  option,
                  kind.equals("int_uniform") ? "whole " : "",
                  kind.equals("log_uniform") ? " and above 0" : "",
                  values));
    }
    return this;
  }

  private static double number(String text) {
    try {
      double x = Double.parseDouble(text);
      return Double.isFinite(x) ? x : Double.NaN;
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  boolean isChoice() {
    return kind.equals("choice");
  }

  /** One value, as it is typed. */
  String draw(SplittableRandom random) {
    if (isChoice()) {
      return values.get(random.nextInt(values.size()));
    }
    double low = number(values.get(0));
    double high = number(values.get(1));
    double u = random.nextDouble();
    return switch (kind) {
      case "int_uniform" -> Long.toString((long) low + (long) Math.floor(u * (high - low + 1)));
      case "log_uniform" -> text(Math.exp(Math.log(low) + u * (Math.log(high) - Math.log(low))));
      default -> text(low + u * (high - low));
    };
  }

  private static String text(double x) {
    return BigDecimal.valueOf(x).round(DIGITS).stripTrailingZeros().toString();
  }
}
