package engine.backend;

import java.util.List;

/**
 * A kind of device, found through {@link java.util.ServiceLoader}, so that nothing above names an
 * implementation.
 */
public interface DeviceProvider {
  /** The name on the command line. */
  String name();

  /**
   * Why there is no such device here, in one sentence that says what to do; null if there is one.
   */
  String whyNot();

  /**
   * Whether this machine looks as if it had such a device: quick to say, and never false where
   * {@link #whyNot} is null. Then {@code auto} says why it took another.
   */
  default boolean isExpected() {
    return true;
  }

  /**
   * Larger is better: {@code auto} takes the best that is available. A negative one is taken only
   * by name.
   */
  int preference();

  /**
   * @param index which of several, from 0
   * @param threads compute threads of a device that has them; 0 for one a core
   */
  Backend open(int index, int threads);

  /** The libraries of the device's maker that it uses, found or not. */
  default List<VendorLibrary> libraries() {
    return List.of();
  }
}
