package engine.console;

import java.util.Locale;

/** Numbers as people read them; always with a point as decimal sign. */
public final class Units {
  private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Units() {}

  /** Bytes in powers of 1024: {@code 512 B}, {@code 2.6 GiB}. */
  public static String bytes(long n) {
    double value = n;
    int unit = 0;
    while (Math.abs(value) >= 1023.95 && unit < BYTES.length - 1) {
      value /= 1024;
      unit++;
    }
    return unit == 0 ? n + " B" : format("%.1f %s", value, BYTES[unit]);
  }

  /** A time span in two units: {@code 12.3 ms}, {@code 8.5 s}, {@code 4m05s}, {@code 2d03h}. */
  public static String duration(double seconds) {
    if (Double.isNaN(seconds) || seconds < 0) {
      return "?";
    }
    if (seconds < 0.9995) {
      return format("%.1f ms", seconds * 1e3);
    }
    if (seconds < 59.95) {
      return format("%.1f s", seconds);
    }
    long s = Math.round(Math.min(seconds, 1e12));
    if (s < 3600) {
      return format("%dm%02ds", s / 60, s % 60);
    }
    return s < 86400
        ? format("%dh%02dm", s / 3600, s % 3600 / 60)
        : format("%dd%02dh", s / 86400, s % 86400 / 3600);
  }

  /** A share as a percentage: {@code 0.8961} is {@code 89.6 %}; NaN is a dash. */
  public static String percent(double share) {
    return Double.isNaN(share) ? "–" : format("%.1f %%", share * 100);
  }

  /** A rate with about three digits: {@code 4.27}, {@code 63.1}, {@code 1,363}. */
  public static String rate(double perSecond) {
    if (Double.isNaN(perSecond) || Double.isInfinite(perSecond)) {
      return "–";
    }
    double size = Math.abs(perSecond);
    return format(size < 9.995 ? "%.2f" : size < 99.95 ? "%.1f" : "%,.0f", perSecond);
  }

  /** A count with thousands separators: {@code 60,000}. */
  public static String count(long n) {
    return format("%,d", n);
  }

  /** A count with its unit: {@code 1 picture}, {@code 60,000 pictures}, {@code 2 batches}. */
  public static String count(long n, String one) {
    return count(n) + " " + (n == 1 ? one : plural(one));
  }

  private static String plural(String one) {
    boolean hisses = one.endsWith("s") || one.endsWith("x") || one.endsWith("ch");
    return one + (hisses && !one.endsWith("epoch") ? "es" : "s");
  }

  /** A loss or other plain figure: four decimals, or an exponent where those would be zeros. */
  public static String figure(double x) {
    if (Double.isNaN(x) || Double.isInfinite(x)) {
      return Double.isNaN(x) ? "NaN" : x > 0 ? "inf" : "-inf";
    }
    double size = Math.abs(x);
    return size != 0 && (size < 0.00095 || size >= 1e5) ? compact(x) : format("%.4f", x);
  }

  /** A learning rate as papers write it: {@code 3e-4}. */
  public static String learningRate(double lr) {
    return compact(lr);
  }

  /** Three digits, no idle zeros, as learning rates are written: {@code 3e-4}, {@code 0.25}. */
  public static String compact(double x) {
    if (x == 0 || Double.isNaN(x) || Double.isInfinite(x)) {
      return x == 0 ? "0" : String.valueOf(x);
    }
    String[] parts = format("%.2e", x).split("e");
    int exponent = Integer.parseInt(parts[1]);
    if (exponent >= -2 && exponent <= 2) {
      return trimZeros(format("%." + (2 - exponent) + "f", x));
    }
    return trimZeros(parts[0]) + "e" + exponent;
  }

  private static String trimZeros(String number) {
    return number.indexOf('.') < 0 ? number : number.replaceAll("\\.?0+$", "");
  }

  private static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
