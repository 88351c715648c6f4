package engine.backend.sim.driver;

import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.ptx.PtxException;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * What went wrong, as a code and in words. A fault of a kernel breaks the context: every call that
 * comes after it answers with the same code, as CUDA's do.
 */
final class Errors implements Guard {
  private static final Map<Integer, String> NAMES = names();

  private final Arena arena;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, Long> strings = new HashMap<>();
  private boolean initialised;
  private int broken;
  private final Map<Integer, String> reports = new HashMap<>();
  private String lastReport;
  private Consumer<String> called = _ -> {};

  Errors(Arena arena) {
    this.arena = arena;
  }

  /** The same, which names each call before it is made. */
  Errors telling(Consumer<String> listener) {
    called = listener;
    return this;
  }

  String lastReport() {
    return lastReport;
  }

  void initialise() {
    initialised = true;
  }

  /** Whether a fault has broken the context. */
  int broken() {
    return broken;
  }

  // ---- around every call: see Symbols ----

  @Override
  public void lock() {
    lock.lock();
  }

  @Override
  public void unlock() {
    lock.unlock();
  }

  @Override
  public void enter(String function) {
    called.accept(function);
    boolean asksForErrors = function.startsWith("cuGetError");
    if (!initialised
        && !asksForErrors
        && !function.equals("cuInit")
        && !function.equals("cuDriverGetVersion")) {
      throw new CudaError(CudaDriver.CUDA_ERROR_NOT_INITIALIZED, "cuInit was not called");
    }
    // what gives something back goes on working, so that owners can close
    boolean gives = function.contains("Free") || function.contains("Destroy");
    boolean closes = gives || function.contains("Release") || function.contains("Unload");
    if (broken != 0 && !asksForErrors && !closes) {
      throw new CudaError(broken, reports.get(broken));
    }
  }

  /** The code of what was thrown; the report is kept. */
  @Override
  public int failed(String function, Throwable t) {
    switch (t) {
      case KernelFault f -> {
        broken = f.code();
        return remember(f.code(), f.getMessage());
      }
      case CudaError e -> {
        boolean again = e.code() == broken;
        return again ? broken : remember(e.code(), function + ": " + e.getMessage());
      }
      case PtxException e -> {
        return remember(CudaDriver.CUDA_ERROR_INVALID_PTX, function + ": " + e.getMessage());
      }
      case OutOfMemoryError e -> {
        return remember(
            CudaDriver.CUDA_ERROR_OUT_OF_MEMORY,
            function + ": the JVM's heap is too small for the software GPU: raise -Xmx");
      }
      default -> {
        StackTraceElement[] where = t.getStackTrace();
        return remember(
            CudaDriver.CUDA_ERROR_UNKNOWN,
            "%s: the software GPU itself failed: %s%s"
                .formatted(function, t, where.length == 0 ? "" : " at " + where[0]));
      }
    }
  }

  private int remember(int code, String report) {
    reports.put(code, report);
    lastReport = report;
    return code;
  }

  // ---- the calls ----

  void cuGetErrorName(int error, long pStr) {
    String name = NAMES.get(error);
    HostMemory.putLong(pStr, "pStr", name == null ? 0 : string(name));
    if (name == null) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, error + " is no CUresult");
    }
  }

  /** The report of the last failure with this code, if there was one; else the code's name. */
  void cuGetErrorString(int error, long pStr) {
    String text = reports.getOrDefault(error, NAMES.get(error));
    HostMemory.putLong(pStr, "pStr", text == null ? 0 : string(text));
    if (text == null) {
      throw new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, error + " is no CUresult");
    }
  }

  private long string(String s) {
    return strings.computeIfAbsent(s, text -> arena.allocateFrom(text).address());
  }

  private static Map<Integer, String> names() {
    Map<Integer, String> names = new HashMap<>();
    for (Field f : CudaDriver.class.getFields()) {
      boolean code = f.getName().startsWith("CUDA_ERROR_") || f.getName().equals("CUDA_SUCCESS");
      if (code && Modifier.isStatic(f.getModifiers())) {
        try {
          names.put(f.getInt(null), f.getName());
        } catch (IllegalAccessException e) {
          throw new AssertionError(e);
        }
      }
    }
    return names;
  }
}
