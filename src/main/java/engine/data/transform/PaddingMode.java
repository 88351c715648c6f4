package engine.data.transform;

/** What stands in a border around a picture, with torchvision's names. */
public enum PaddingMode {
  /** One value. */
  CONSTANT,
  /** The nearest pixel of the picture. */
  EDGE,
  /** The picture mirrored at its border pixels, which are not repeated. */
  REFLECT,
  /** The picture mirrored at its border, border pixels repeated. */
  SYMMETRIC;

  /** The pixel of 0..n-1 that stands at position {@code i} outside of them. */
  int source(int i, int n) {
    return switch (this) {
      case CONSTANT -> throw new IllegalStateException("a constant border has no source pixel");
      case EDGE -> Math.clamp(i, 0, n - 1);
      case REFLECT -> {
        int period = Math.max(1, 2 * (n - 1));
        int p = Math.floorMod(i, period);
        yield p < n ? p : period - p;
      }
      case SYMMETRIC -> {
        int p = Math.floorMod(i, 2 * n);
        yield p < n ? p : 2 * n - 1 - p;
      }
    };
  }
}
