package engine.backend.cuda.memory;

import engine.backend.cuda.driver.Gpu;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Copies of rows that lie apart in device memory, by {@code cuMemcpy2DAsync}. */
public final class RowCopies {
  /**
   * Where rows lie.
   *
   * @param address of the first
   * @param pitch bytes from a row to the next
   */
  public record Rows(long address, long pitch) {}

  private final Gpu gpu;

  RowCopies(Gpu gpu) {
    this.gpu = gpu;
  }

  /**
   * @param bytes of a row
   */
  public void copy(Rows from, Rows to, long bytes, long rows) {
    if (bytes == 0 || rows == 0) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment c = arena.allocate(CudaDriver.CUDA_MEMCPY2D);
      set(c, "srcMemoryType", CudaDriver.CU_MEMORYTYPE_DEVICE);
      set(c, "srcDevice", from.address);
      set(c, "srcPitch", from.pitch);
      set(c, "dstMemoryType", CudaDriver.CU_MEMORYTYPE_DEVICE);
      set(c, "dstDevice", to.address);
      set(c, "dstPitch", to.pitch);
      set(c, "WidthInBytes", bytes);
      set(c, "Height", rows);
      gpu.errors.check(
          gpu.driver.cuMemcpy2DAsync_v2(c.address(), gpu.stream),
          "cuMemcpy2DAsync",
          rows + " rows of " + bytes + " bytes");
    }
  }

  private static void set(MemorySegment struct, String field, long value) {
    long at = CudaDriver.CUDA_MEMCPY2D.byteOffset(PathElement.groupElement(field));
    if (field.endsWith("MemoryType")) {
      struct.set(ValueLayout.JAVA_INT, at, (int) value);
    } else {
      struct.set(ValueLayout.JAVA_LONG, at, value);
    }
  }
}
