package engine.backend.sim.dnn;

import engine.backend.sim.math.ElementType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The values of a graph's tensors while it runs, in row-major order of their extents. */
final class Values {
  private final Map<Long, double[]> values = new HashMap<>();

  private final Numerics numerics;

  /**
   * @param numerics how the engine that runs the graph multiplies and sums
   */
  Values(Numerics numerics) {
    this.numerics = numerics;
  }

  double[] of(DnnTensor t) {
    return values.get(t.uid());
  }

  /** The values of a tensor as the engine multiplies them. */
  double[] factors(DnnTensor t) {
    return t.type() == ElementType.F32 ? numerics.roundFactors(of(t)) : of(t);
  }

  /** Sums of products as the engine leaves them. */
  double[] sums(double[] exact) {
    return numerics.roundSums(exact);
  }

  /** Values of a tensor, rounded to its type. */
  void put(DnnTensor t, double[] v) {
    double[] rounded = new double[v.length];
    Arrays.setAll(rounded, i -> t.type().round(v[i]));
    values.put(t.uid(), rounded);
  }

  /** {@code alpha * v + beta * old}, where old is what the tensor held before. */
  void blend(DnnTensor t, double[] v, double alpha, double beta) {
    if (alpha == 1 && beta == 0) {
      put(t, v);
      return;
    }
    double[] old = beta == 0 ? new double[v.length] : of(t);
    double[] sum = new double[v.length];
    Arrays.setAll(sum, i -> (float) (alpha * v[i]) + (float) (beta * old[i]));
    put(t, sum);
  }
}
