package engine.backend.kernels;

/** A grid's or a block's size, as CUDA's {@code dim3}. */
public record Size3(int x, int y, int z) {
  public static Size3 of(int x) {
    return new Size3(x, 1, 1);
  }

  public static Size3 of(int x, int y) {
    return new Size3(x, y, 1);
  }

  public long count() {
    return (long) x * y * z;
  }

  /** As in a launch: {@code 256}, or {@code (16,3)}. */
  @Override
  public String toString() {
    if (z != 1) {
      return "(%d,%d,%d)".formatted(x, y, z);
    }
    return y != 1 ? "(%d,%d)".formatted(x, y) : Integer.toString(x);
  }
}
