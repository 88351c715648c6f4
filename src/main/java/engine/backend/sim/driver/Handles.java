package engine.backend.sim.driver;

import engine.ffi.CudaDriver;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The handles of one kind of object. Numbers are never used twice, so that a handle that was
 * destroyed is told from one that never was.
 */
public final class Handles<T> {
  private final String type;
  private final Function<String, RuntimeException> error;
  private final long first;
  private final Map<Long, T> live = new HashMap<>();
  private long next;

  /**
   * @param type C's name, such as {@code CUstream}
   * @param kind a number that tells this kind's handles from others'
   */
  Handles(String type, int kind) {
    this(type, kind, reason -> new CudaError(CudaDriver.CUDA_ERROR_INVALID_HANDLE, reason));
  }

  /**
   * @param error what is thrown for a handle that is none, from the reason
   */
  public Handles(String type, int kind, Function<String, RuntimeException> error) {
    this.type = type;
    this.error = error;
    first = 0x51_0000_0000L + ((long) kind << 24);
    next = first;
  }

  public long add(T object) {
    next += 16;
    live.put(next, object);
    return next;
  }

  public T get(long handle) {
    T object = live.get(handle);
    if (object == null) {
      throw unknown(handle);
    }
    return object;
  }

  public T remove(long handle) {
    T object = live.remove(handle);
    if (object == null) {
      throw unknown(handle);
    }
    return object;
  }

  public int count() {
    return live.size();
  }

  private RuntimeException unknown(long handle) {
    boolean was = handle > first && handle <= next && (handle - first) % 16 == 0;
    return error.apply(
        was
            ? "this %s was destroyed before".formatted(type)
            : "0x%x is not a %s".formatted(handle, type));
  }
}
