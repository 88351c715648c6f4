package engine.weights;

import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.tensor.Magnitude;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Refuses tensors that no network may have: NaN and infinity anywhere, a variance below 0. A
 * network that holds one would answer all the same, since a ReLU makes 0 of NaN, and as confidently
 * as ever.
 */
public final class FiniteCheck {
  private FiniteCheck() {}

  /**
   * @param where the file, for people
   * @param tensors by name; integers pass
   * @param advice what to do about it, after a colon
   * @return the largest absolute value of each tensor, 0 of integers
   * @throws UserError that names the file, the first such tensor and what it holds
   */
  public static Map<String, Float> require(
      String where, Map<String, HostTensor> tensors, String advice) {
    Map<String, Float> largest = new LinkedHashMap<>();
    for (var e : tensors.entrySet()) {
      float most = Magnitude.of(e.getValue());
      String wrong = whatIsWrong(e.getKey(), e.getValue(), most);
      if (wrong != null) {
        throw new UserError("%s: its tensor %s %s: %s".formatted(where, e.getKey(), wrong, advice));
      }
      largest.put(e.getKey(), most);
    }
    return largest;
  }

  /** What a tensor of that name may not hold, as {@code holds 3 NaN among 64 numbers}; or null. */
  public static String whatIsWrong(String name, HostTensor t) {
    return whatIsWrong(name, t, Magnitude.of(t));
  }

  private static String whatIsWrong(String name, HostTensor t, float most) {
    return Float.isFinite(most) ? signs(name, t) : "holds " + notFinite(t);
  }

  private static String signs(String name, HostTensor t) {
    long negative = 0;
    if (name.endsWith("running_var") || name.endsWith("exp_avg_sq")) {
      for (long i = 0; i < t.shape().elements(); i++) {
        negative += t.get(i) < 0 ? 1 : 0;
      }
    }
    return negative == 0
        ? null
        : "holds %,d negative variance%s".formatted(negative, negative > 1 ? "s" : "");
  }

  /** How much of a tensor is not finite, as {@code 3 NaN and 1 inf among 4,096 numbers}. */
  public static String notFinite(HostTensor t) {
    long nan = 0;
    long infinite = 0;
    long n = t.shape().elements();
    for (long i = 0; i < n; i++) {
      double v = t.get(i);
      nan += Double.isNaN(v) ? 1 : 0;
      infinite += Float.isInfinite((float) v) ? 1 : 0;
    }
    String what =
        nan == 0
            ? "%,d inf".formatted(infinite)
            : infinite == 0
                ? "%,d NaN".formatted(nan)
                : "%,d NaN and %,d inf".formatted(nan, infinite);
    return "%s among %,d number%s".formatted(what, n, n == 1 ? "" : "s");
  }
}
