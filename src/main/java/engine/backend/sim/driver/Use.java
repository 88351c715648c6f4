package engine.backend.sim.driver;

/**
 * Device memory that a piece of work may read or write.
 *
 * @param bytes from the address on; {@link #WHOLE} for all of the allocation that it points into
 */
public record Use(long address, long bytes, boolean writes) {
  /** Where nobody knows how far a pointer goes. */
  public static final long WHOLE = -1;

  static Use read(long address, long bytes) {
    return new Use(address, bytes, false);
  }

  static Use write(long address, long bytes) {
    return new Use(address, bytes, true);
  }

  /** By a pointer of which the extent is not known. */
  public static Use through(long pointer, boolean writes) {
    return new Use(pointer, WHOLE, writes);
  }
}
