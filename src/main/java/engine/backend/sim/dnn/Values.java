package engine.backend.sim.dnn;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The values of a graph's tensors while it runs, in row-major order of their extents. */
final class Values {
  private final Map<Long, double[]> values = new HashMap<>();

  double[] of(DnnTensor t) {
    return values.get(t.uid());
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
