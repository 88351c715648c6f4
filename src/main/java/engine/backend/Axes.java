package engine.backend;

import engine.tensor.Shape;
import java.util.Arrays;

/** Axes as users name them, and the shapes that reductions over them give. */
public final class Axes {
  private Axes() {}

  /** Marks the axes of a rank; negative ones count from the end. */
  public static boolean[] mark(int rank, int[] axes) {
    boolean[] m = new boolean[rank];
    for (int a : axes) {
      m[axis(rank, a)] = true;
    }
    return m;
  }

  /**
   * The axis counted from the front.
   *
   * @throws IllegalArgumentException where there is no such axis
   */
  public static int axis(int rank, int axis) {
    int a = axis < 0 ? axis + rank : axis;
    if (a < 0 || a >= rank) {
      throw new IllegalArgumentException("a tensor of rank " + rank + " has no axis " + axis);
    }
    return a;
  }

  /** The shape of a reduction. */
  public static Shape reduce(Shape x, boolean[] reduced, boolean keepDim) {
    long[] d = new long[x.rank()];
    int n = 0;
    for (int i = 0; i < x.rank(); i++) {
      if (!reduced[i]) {
        d[n++] = x.dim(i);
      } else if (keepDim) {
        d[n++] = 1;
      }
    }
    return Shape.of(Arrays.copyOf(d, n));
  }
}
