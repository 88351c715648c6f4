package engine.backend.sim.driver;

import engine.ffi.CudaDriver;
import java.util.HashMap;
import java.util.Map;

/**
 * The handles of one kind of object. Numbers are never used twice, so that a handle that was
 * destroyed is told from one that never was.
 */
final class Handles<T> {
  private final String type;
  private final long first;
  private final Map<Long, T> live = new HashMap<>();
  private long next;

  /**
   * @param type C's name, such as {@code CUstream}
   * @param kind a number that tells this kind's handles from others'
   */
  Handles(String type, int kind) {
    this.type = type;
    first = 0x51_0000_0000L + ((long) kind << 24);
    next = first;
  }

  long add(T object) {
    next += 16;
    live.put(next, object);
    return next;
  }

  T get(long handle) {
    T object = live.get(handle);
    if (object == null) {
      throw unknown(handle);
    }
    return object;
  }

  T remove(long handle) {
    T object = live.remove(handle);
    if (object == null) {
      throw unknown(handle);
    }
    return object;
  }

  int count() {
    return live.size();
  }

  private CudaError unknown(long handle) {
    boolean was = handle > first && handle <= next && (handle - first) % 16 == 0;
    return new CudaError(
        CudaDriver.CUDA_ERROR_INVALID_HANDLE,
        was
            ? "this %s was destroyed before".formatted(type)
            : "0x%x is not a %s".formatted(handle, type));
  }
}
