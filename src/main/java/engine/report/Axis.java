package engine.report;

import java.util.ArrayList;
import java.util.List;

/**
 * A linear axis that ends where the values do, with ticks at round numbers.
 *
 * @param from value at the axis's start
 * @param to value at its end, above {@code from}
 * @param step distance of ticks
 */
record Axis(double from, double to, double step) {

  /** An axis that holds {@code min} to {@code max} with about {@code ticks} ticks. */
  static Axis around(double min, double max, int ticks) {
    if (!(min <= max)) {
      return new Axis(0, 1, 0.5);
    }
    double span = max - min;
    if (span <= Math.abs(max) * 1e-9) {
      span = max == 0 ? 1 : Math.abs(max);
      min -= span / 2;
      max += span / 2;
    }
    return new Axis(min, max, roundUp(span / ticks));
  }

  List<Double> ticks() {
    List<Double> out = new ArrayList<>();
    for (long i = (long) Math.ceil(from / step - 1e-9); i * step <= to + step * 1e-6; i++) {
      out.add(i * step);
    }
    return out;
  }

  /** Where {@code value} lies, 0 at the start and 1 at the end. */
  double place(double value) {
    return (value - from) / (to - from);
  }

  /** The smallest of 1, 2, 5 times a power of ten that is at least {@code x}. */
  private static double roundUp(double x) {
    if (!(x > 0)) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(x)));
    double digit = x / power;
    return power * (digit <= 1.0001 ? 1 : digit <= 2.0001 ? 2 : digit <= 5.0001 ? 5 : 10);
  }
}
