package engine.backend.sim;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.exec.SimOptions;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/**
 * A software GPU as tests use it: everything goes through the driver's calls, as it would on a real
 * one.
 */
final class SimGpu implements AutoCloseable {
  final SimDevice device;
  final CudaDriver driver;
  final Arena arena = Arena.ofShared();
  private final List<Long> buffers = new ArrayList<>();
  private final MemorySegment out = arena.allocate(64, 16);

  SimGpu() {
    this(SimOptions.standard().withThreads(2));
  }

  SimGpu(SimOptions options) {
    device = new SimDevice(options);
    driver = new CudaDriver(device.symbols());
    ok(driver.cuInit(0));
    ok(driver.cuDevicePrimaryCtxRetain(out.address(), 0));
    ok(driver.cuCtxSetCurrent(result()));
  }

  /** The pointer or handle that the last call gave out at {@link #out}. */
  long result() {
    return out.get(JAVA_LONG, 0);
  }

  /** Where calls put what they give out. */
  long out() {
    return out.address();
  }

  /** Fails the test with the report of a call that failed. */
  void ok(int status) {
    assertEquals(0, status, device::lastReport);
  }

  /** Loads PTX; returns the module. */
  long load(String ptx) {
    ok(driver.cuModuleLoadDataEx(out(), arena.allocateFrom(ptx).address(), 0, 0, 0));
    return result();
  }

  long function(long module, String name) {
    ok(driver.cuModuleGetFunction(out(), module, arena.allocateFrom(name).address()));
    return result();
  }

  long allocate(long bytes) {
    ok(driver.cuMemAlloc_v2(out(), bytes));
    buffers.add(result());
    return result();
  }

  long floats(float... values) {
    long d = allocate(4L * values.length);
    MemorySegment host = arena.allocateFrom(JAVA_FLOAT, values);
    ok(driver.cuMemcpyHtoD_v2(d, host.address(), 4L * values.length));
    return d;
  }

  long ints(int... values) {
    long d = allocate(4L * values.length);
    MemorySegment host = arena.allocateFrom(JAVA_INT, values);
    ok(driver.cuMemcpyHtoD_v2(d, host.address(), 4L * values.length));
    return d;
  }

  float[] readFloats(long d, int n) {
    MemorySegment host = arena.allocate(4L * n, 4);
    ok(driver.cuMemcpyDtoH_v2(host.address(), d, 4L * n));
    return host.toArray(JAVA_FLOAT);
  }

  int[] readInts(long d, int n) {
    MemorySegment host = arena.allocate(4L * n, 4);
    ok(driver.cuMemcpyDtoH_v2(host.address(), d, 4L * n));
    return host.toArray(JAVA_INT);
  }

  /** The status of a one-dimensional launch on the default stream. */
  int launch(long function, int grid, int block, int shared, Object... arguments) {
    return driver.cuLaunchKernel(
        function, grid, 1, 1, block, 1, 1, shared, 0, pointers(arguments), 0);
  }

  /** The same on another stream. */
  int launchOn(long stream, long function, int grid, int block, Object... arguments) {
    return driver.cuLaunchKernel(
        function, grid, 1, 1, block, 1, 1, 0, stream, pointers(arguments), 0);
  }

  /** A stream that does not wait for the default one. */
  long stream() {
    ok(driver.cuStreamCreate(out(), CudaDriver.CU_STREAM_NON_BLOCKING));
    return result();
  }

  long event() {
    ok(driver.cuEventCreate(out(), CudaDriver.CU_EVENT_DISABLE_TIMING));
    return result();
  }

  /** The status of a copy to the device on a stream. */
  int copyOn(long stream, long to, float... values) {
    MemorySegment host = arena.allocateFrom(JAVA_FLOAT, values);
    return driver.cuMemcpyHtoDAsync_v2(to, host.address(), 4L * values.length, stream);
  }

  /** A {@code void**} to arguments: Long, Integer, Float, Double. */
  long pointers(Object... arguments) {
    MemorySegment all = arena.allocate(JAVA_LONG, Math.max(1, arguments.length));
    for (int i = 0; i < arguments.length; i++) {
      MemorySegment one = arena.allocate(8, 8);
      switch (arguments[i]) {
        case Long v -> one.set(JAVA_LONG, 0, v);
        case Integer v -> one.set(JAVA_INT, 0, v);
        case Float v -> one.set(JAVA_FLOAT, 0, v);
        case Double v -> one.set(JAVA_DOUBLE, 0, v);
        default -> throw new IllegalArgumentException("argument " + arguments[i]);
      }
      all.setAtIndex(JAVA_LONG, i, one.address());
    }
    return all.address();
  }

  /** Frees what {@link #allocate} gave. */
  void freeBuffers() {
    buffers.forEach(b -> ok(driver.cuMemFree_v2(b)));
    buffers.clear();
  }

  @Override
  public void close() {
    arena.close();
    device.close();
  }
}
