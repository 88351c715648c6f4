package engine.backend.cuda;

import engine.ffi.Cudnn;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** cuDNN with a handle on the GPU's stream. Every status is checked, and failures tell its reason. */
final class CudnnLibrary implements AutoCloseable {
  private static final int MESSAGE_BYTES = 8192;

  final Cudnn cudnn;
  final long handle;

  CudnnLibrary(Cudnn cudnn, Gpu gpu) {
    this.cudnn = cudnn;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      check(cudnn.cudnnCreate(out.address()), "cudnnCreate", gpu.name);
      handle = out.get(ValueLayout.JAVA_LONG, 0);
    }
    check(cudnn.cudnnSetStream(handle, gpu.stream), "cudnnSetStream", gpu.name);
  }

  /**
   * Nothing, if the call worked.
   *
   * @throws CudaException with cuDNN's own reason if it failed
   */
  void check(int status, String call, String what) {
    if (status == Cudnn.CUDNN_STATUS_SUCCESS) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment text = arena.allocate(MESSAGE_BYTES);
      cudnn.cudnnGetLastErrorString(text.address(), MESSAGE_BYTES);
      MemorySegment name =
          MemorySegment.ofAddress(cudnn.cudnnGetErrorString(status)).reinterpret(Long.MAX_VALUE);
      throw new CudaException(
          "%s (%s) failed with %s (%d): %s"
              .formatted(call, what, name.getString(0), status, text.getString(0).strip()));
    }
  }

  @Override
  public void close() {
    check(cudnn.cudnnDestroy(handle), "cudnnDestroy", "");
  }
}
