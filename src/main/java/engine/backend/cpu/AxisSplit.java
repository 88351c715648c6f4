package engine.backend.cpu;

import engine.tensor.Shape;

/**
 * The elements of a row-major tensor seen as kept axes by reduced axes, so that a reduction or its
 * gradient is two nested loops: over the outputs, then over the elements of each. Neighbouring axes
 * of one kind are merged.
 */
final class AxisSplit {
  private final long[] keptDims;
  private final long[] keptStrides;
  private final long[] reducedDims;
  private final long[] reducedStrides;

  /** Number of outputs. */
  final long outputs;

  /** Elements of the innermost reduced loop and the distance between them. */
  final long inner;

  final long innerStride;

  /** Turns of the outer reduced loops. */
  final long outer;

  AxisSplit(Shape x, boolean[] reduced) {
    long[][] kept = merge(x, reduced, false);
    long[][] gone = merge(x, reduced, true);
    keptDims = kept[0];
    keptStrides = kept[1];
    int last = gone[0].length - 1;
    inner = last < 0 ? 1 : gone[0][last];
    innerStride = last < 0 ? 1 : gone[1][last];
    reducedDims = java.util.Arrays.copyOf(gone[0], Math.max(0, last));
    reducedStrides = java.util.Arrays.copyOf(gone[1], Math.max(0, last));
    outputs = product(keptDims);
    outer = product(reducedDims);
  }

  /** Elements that each output takes in. */
  long reduction() {
    return outer * inner;
  }

  /** Offset of the first element of output {@code o}. */
  long keptOffset(long o) {
    return offset(o, keptDims, keptStrides);
  }

  /** Offset that turn {@code r} of the outer reduced loops adds. */
  long outerOffset(long r) {
    return r == 0 ? 0 : offset(r, reducedDims, reducedStrides);
  }

  private static long offset(long i, long[] dims, long[] strides) {
    long at = 0;
    long rest = i;
    for (int d = dims.length - 1; d >= 0; d--) {
      at += rest % dims[d] * strides[d];
      rest /= dims[d];
    }
    return at;
  }

  private static long[][] merge(Shape x, boolean[] reduced, boolean wanted) {
    int rank = x.rank();
    long[] dims = new long[rank];
    long[] strides = new long[rank];
    int n = rank;
    long stride = 1;
    boolean open = false;
    for (int i = rank - 1; i >= 0; i--) {
      if (x.dim(i) != 1) {
        if (reduced[i] != wanted) {
          open = false;
        } else if (open) {
          dims[n] *= x.dim(i);
        } else {
          open = true;
          dims[--n] = x.dim(i);
          strides[n] = stride;
        }
      }
      stride *= x.dim(i);
    }
    return new long[][] {
      java.util.Arrays.copyOfRange(dims, n, rank), java.util.Arrays.copyOfRange(strides, n, rank)
    };
  }

  private static long product(long[] d) {
    long p = 1;
    for (long v : d) {
      p *= v;
    }
    return p;
  }
}
