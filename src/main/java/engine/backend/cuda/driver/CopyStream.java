package engine.backend.cuda.driver;

import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A stream beside the one that computes, for copies from pinned memory. The two are ordered by
 * events alone.
 */
public final class CopyStream implements AutoCloseable {
  private final Gpu gpu;
  private final long stream;

  public CopyStream(Gpu gpu) {
    this.gpu = gpu;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      gpu.errors.check(
          gpu.driver.cuStreamCreate(out.address(), CudaDriver.CU_STREAM_NON_BLOCKING),
          "cuStreamCreate",
          "for copies");
      stream = out.get(ValueLayout.JAVA_LONG, 0);
    }
  }

  /** Copies to the device once {@code after} has come, and then lets {@code done} come. */
  public void upload(MemorySegment pinned, long bytes, long to, long after, long done) {
    gpu.errors.check(gpu.driver.cuStreamWaitEvent(stream, after, 0), "cuStreamWaitEvent", "");
    gpu.errors.check(
        gpu.driver.cuMemcpyHtoDAsync_v2(to, pinned.address(), bytes, stream),
        "cuMemcpyHtoDAsync",
        bytes + " bytes");
    gpu.errors.check(gpu.driver.cuEventRecord(done, stream), "cuEventRecord", "");
  }

  /** Waits until all copies are done. */
  public void synchronize() {
    gpu.errors.check(gpu.driver.cuStreamSynchronize(stream), "cuStreamSynchronize", "copies");
  }

  @Override
  public void close() {
    gpu.errors.check(gpu.driver.cuStreamDestroy_v2(stream), "cuStreamDestroy", "");
  }
}
