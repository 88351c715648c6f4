package engine.tensor;

import java.util.Arrays;

/**
 * The extents of a tensor, outermost first; images are N, C, H, W whatever their layout in memory.
 * Immutable.
 */
public final class Shape {
  private final long[] dims;

  private Shape(long[] dims) {
    this.dims = dims;
  }

  public static Shape of(long... dims) {
    for (long d : dims) {
      if (d < 0) {
        throw new IllegalArgumentException(
            "a shape has no negative extents: " + Arrays.toString(dims));
      }
    }
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /** Extent of axis {@code i}; negative axes count from the end. */
  public long dim(int i) {
    return dims[i < 0 ? i + dims.length : i];
  }

  /** Extent of axis {@code i} as an int. */
  public int size(int i) {
    return Math.toIntExact(dim(i));
  }

  public long[] dims() {
    return dims.clone();
  }

  /** Number of elements; 1 for a scalar. */
  public long elements() {
    long n = 1;
    for (long d : dims) {
      n = Math.multiplyExact(n, d);
    }
    return n;
  }

  /** This shape with axis {@code i} replaced. */
  public Shape with(int i, long extent) {
    long[] d = dims.clone();
    d[i < 0 ? i + d.length : i] = extent;
    return of(d);
  }

  /** The shape that two operands broadcast to, by NumPy's rule. */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    long[] d = new long[rank];
    for (int i = 1; i <= rank; i++) {
      long x = i <= a.rank() ? a.dim(-i) : 1;
      long y = i <= b.rank() ? b.dim(-i) : 1;
      if (x != y && x != 1 && y != 1) {
        throw new IllegalArgumentException("shapes " + a + " and " + b + " do not broadcast");
      }
      d[rank - i] = x == 1 ? y : x;
    }
    return new Shape(d);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    return Arrays.toString(dims);
  }
}
