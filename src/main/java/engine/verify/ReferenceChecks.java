package engine.verify;

import com.google.gson.JsonObject;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares a case's results with its reference arrays under the manifest's tolerances.
 *
 * <p>Equal infinities are equal, NaN equals NaN, and types and shapes must be those of the
 * reference. For each array the element that is furthest out, relative to what it is allowed, is
 * kept.
 */
final class ReferenceChecks implements Checks {
  private final ReferenceCase reference;
  private final List<Comparison> done = new ArrayList<>();
  private final Set<String> handedIn = new HashSet<>();

  ReferenceChecks(ReferenceCase reference) {
    this.reference = reference;
  }

  @Override
  public void array(String key, HostTensor got) {
    HostTensor want = expected(key, got);
    if (want == null) {
      return;
    }
    JsonObject spec = tolerances(key);
    boolean exact = !spec.has("atol") || (spec.has("exact") && spec.get("exact").getAsBoolean());
    double atol = exact ? 0 : spec.get("atol").getAsDouble();
    double rtol = exact || !spec.has("rtol") ? 0 : spec.get("rtol").getAsDouble();
    done.add(
        exact && want.dtype() == DType.I64
            ? compareLongs(key, got.toLongs(), want.toLongs())
            : compare(key, got, want, atol, rtol));
  }

  @Override
  public void array(String key, HostTensor got, double maxAbs, double meanAbs) {
    HostTensor want = expected(key, got);
    if (want == null) {
      return;
    }
    Comparison max = compare(key, got, want, maxAbs, 0);
    double sum = 0;
    long n = want.shape().elements();
    for (long i = 0; i < n; i++) {
      sum += difference(got.get(i), want.get(i));
    }
    double mean = n == 0 ? 0 : sum / n;
    double ratio = ratio(mean, meanAbs);
    done.add(ratio > max.ratio() ? Comparison.of(key, mean, meanAbs, ratio, " on average") : max);
  }

  @Override
  public void norm(String key, HostTensor got, double maxNorm) {
    HostTensor want = expected(key, got);
    if (want == null) {
      return;
    }
    double sum = 0;
    long n = want.shape().elements();
    for (long i = 0; i < n; i++) {
      double d = difference(got.get(i), want.get(i));
      sum += d * d;
    }
    double norm = Math.sqrt(sum);
    done.add(Comparison.of(key, norm, maxNorm, ratio(norm, maxNorm), " as a norm"));
  }

  @Override
  public void scalar(String what, double expected, double got, double atol) {
    double error = difference(got, expected);
    done.add(
        Comparison.of(
            what, error, atol, ratio(error, atol), " (%s, not %s)".formatted(got, expected)));
  }

  @Override
  public void that(String what, boolean holds) {
    done.add(
        holds ? new Comparison(what, 0, 0, 0, null) : Comparison.failed(what, "does not hold"));
  }

  /** Everything compared, and a failure for each reference array that was not handed in. */
  List<Comparison> results() {
    List<Comparison> out = new ArrayList<>(done);
    for (String key : reference.arrays().keySet()) {
      if ((key.startsWith("out.") || key.startsWith("grad.")) && !handedIn.contains(key)) {
        out.add(Comparison.failed(key, "was not computed"));
      }
    }
    if (out.isEmpty()) {
      out.add(Comparison.failed("the case", "compared nothing"));
    }
    return out;
  }

  /** The reference for {@code key} if type and shape are right; otherwise null and a failure. */
  private HostTensor expected(String key, HostTensor got) {
    handedIn.add(key);
    HostTensor want = reference.arrays().get(key);
    if (want == null) {
      done.add(Comparison.failed(key, "is not in the reference"));
    } else if (got == null) {
      done.add(Comparison.failed(key, "was not computed"));
    } else if (!got.shape().equals(want.shape())) {
      done.add(Comparison.failed(key, "has the shape " + got.shape() + ", not " + want.shape()));
    } else if (got.dtype() != want.dtype()) {
      done.add(Comparison.failed(key, "is " + got.dtype() + ", not " + want.dtype()));
    } else {
      return want;
    }
    return null;
  }

  private JsonObject tolerances(String key) {
    JsonObject arrays = reference.spec().getAsJsonObject("arrays");
    JsonObject spec = arrays == null ? null : arrays.getAsJsonObject(key);
    return spec == null ? new JsonObject() : spec;
  }

  private static Comparison compare(
      String key, HostTensor got, HostTensor want, double atol, double rtol) {
    double worstRatio = 0;
    double worstError = 0;
    double worstTolerance = atol;
    long at = -1;
    long n = want.shape().elements();
    for (long i = 0; i < n; i++) {
      double w = want.get(i);
      double error = difference(got.get(i), w);
      double tolerance = atol + rtol * (Double.isFinite(w) ? Math.abs(w) : 0);
      double ratio = ratio(error, tolerance);
      if (ratio > worstRatio || (ratio == worstRatio && error > worstError)) {
        worstRatio = ratio;
        worstError = error;
        worstTolerance = tolerance;
        at = i;
      }
    }
    return Comparison.of(key, worstError, worstTolerance, worstRatio, place(at, want));
  }

  /** As doubles, neighbours above 2^53 would be the same. */
  private static Comparison compareLongs(String key, long[] got, long[] want) {
    int at = Arrays.mismatch(got, want);
    return at < 0
        ? new Comparison(key, 0, 0, 0, null)
        : Comparison.failed(key, "is %d at element %d, not %d".formatted(got[at], at, want[at]));
  }

  private static double difference(double got, double want) {
    if (got == want || (Double.isNaN(got) && Double.isNaN(want))) {
      return 0;
    }
    double d = Math.abs(got - want);
    return Double.isNaN(d) ? Double.POSITIVE_INFINITY : d;
  }

  private static double ratio(double error, double tolerance) {
    return error == 0 ? 0 : error / tolerance;
  }

  private static String place(long flat, HostTensor t) {
    if (flat < 0 || t.shape().rank() == 0) {
      return "";
    }
    long[] index = new long[t.shape().rank()];
    for (int i = index.length - 1; i >= 0; i--) {
      index[i] = flat % t.shape().dim(i);
      flat /= t.shape().dim(i);
    }
    return " at " + Arrays.toString(index);
  }
}
