package engine.verify;

import com.google.gson.JsonObject;
import engine.nn.Init;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** Initial weights cannot equal PyTorch's draw by draw; their spread and bounds can. */
final class InitStatistics {
  private InitStatistics() {}

  static void run(ReferenceCase c, Checks checks) {
    var list = c.attrs().getAsJsonArray("shape");
    long[] dims = new long[list.size()];
    for (int i = 0; i < dims.length; i++) {
      dims[i] = list.get(i).getAsLong();
    }
    Shape shape = Shape.of(dims);
    JsonObject exact = c.attrs().getAsJsonObject("exact");
    RandomGenerator random = new SplittableRandom(1);
    double std = exact.get("kaiming_normal_fan_out_relu_std").getAsDouble();
    float[] normal = Init.kaimingNormal(shape, Init.Fan.OUT, random).toFloats();
    // Five standard errors of a standard deviation.
    double error = 5 * std / Math.sqrt(2.0 * normal.length);
    checks.scalar("kaiming_normal std", std, std(normal), error);
    bound(
        checks,
        "kaiming_uniform",
        Init.kaimingUniform(shape, Math.sqrt(5), random),
        exact.get("kaiming_uniform_a_sqrt5_bound").getAsDouble());
    bound(
        checks,
        "xavier_uniform",
        Init.xavierUniform(shape, random),
        exact.get("xavier_uniform_bound").getAsDouble());
  }

  /** A uniform within a bound has a third of its square as variance, and comes near the bound. */
  private static void bound(Checks checks, String what, HostTensor t, double bound) {
    float[] v = t.toFloats();
    double max = 0;
    for (float x : v) {
      max = Math.max(max, Math.abs(x));
    }
    checks.that(what + " stays within its bound", max <= bound * (1 + 1e-6));
    checks.scalar(what + " largest", bound, max, bound * 20 / v.length);
    double std = bound / Math.sqrt(3);
    checks.scalar(what + " std", std, std(v), 5 * std / Math.sqrt(2.0 * v.length));
  }

  private static double std(float[] v) {
    double sum = 0;
    double squares = 0;
    for (float x : v) {
      sum += x;
      squares += (double) x * x;
    }
    double mean = sum / v.length;
    return Math.sqrt(squares / v.length - mean * mean);
  }
}
