package engine.backend.sim.dnn;

import engine.backend.sim.math.StridedTensor;

/** Where an element of a broadcast result comes from. */
final class Broadcast {
  private Broadcast() {}

  /**
   * For each row-major element of {@code to} the row-major element of {@code from}, whose extents
   * are those of {@code to} or 1.
   */
  static int[] indices(long[] from, long[] to) {
    long[] strides = StridedTensor.packed(from);
    int[] out = new int[StridedTensor.elements(to)];
    long[] index = new long[to.length];
    for (int i = 0; i < out.length; i++) {
      long at = 0;
      for (int d = 0; d < to.length; d++) {
        at += from[d] == 1 ? 0 : index[d] * strides[d];
      }
      out[i] = (int) at;
      for (int d = to.length - 1; d >= 0 && ++index[d] == to[d]; d--) {
        index[d] = 0;
      }
    }
    return out;
  }
}
