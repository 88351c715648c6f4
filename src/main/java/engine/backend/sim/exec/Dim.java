package engine.backend.sim.exec;

/** A size or an index of up to three dimensions. */
public record Dim(int x, int y, int z) {
  public static Dim of(int x) {
    return new Dim(x, 1, 1);
  }

  public long count() {
    return (long) x * y * z;
  }

  /** The index of the {@code n}-th point of this size, x fastest. */
  Dim at(long n) {
    return new Dim((int) (n % x), (int) (n / x % y), (int) (n / ((long) x * y)));
  }

  @Override
  public String toString() {
    return "(%d,%d,%d)".formatted(x, y, z);
  }
}
