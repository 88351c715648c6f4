package engine.backend.cuda;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * An execution plan of cuDNN, made once for a graph and run as often as one likes.
 *
 * @param tensors made in its graph; those inside it have no address
 * @param what for people
 */
record CudnnPlan(CudnnLibrary library, long plan, long workspaceBytes, int tensors, String what)
    implements AutoCloseable {

  /**
   * Runs it on the GPU's stream.
   *
   * @param operands by the numbers of the graph's tensors; null for those inside it
   */
  void run(CudaMemory memory, Tensor... operands) {
    try (Tensor workspace =
            workspaceBytes == 0 ? null : memory.empty(DType.U8, Shape.of(workspaceBytes));
        Arena arena = Arena.ofConfined()) {
      long pack = pack(arena, operands, workspace);
      try {
        library.check(
            library.cudnn.cudnnBackendExecute(library.handle, plan, pack),
            "cudnnBackendExecute",
            what);
      } finally {
        destroy(pack);
      }
    }
  }

  private long pack(Arena arena, Tensor[] operands, Tensor workspace) {
    if (operands.length != tensors) {
      throw new IllegalStateException(what + " takes " + tensors + " tensors");
    }
    MemorySegment out = arena.allocate(JAVA_LONG);
    int kind = Cudnn.CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR;
    check(library.cudnn.cudnnBackendCreateDescriptor(kind, out.address()));
    long pack = out.get(JAVA_LONG, 0);
    long[] ids = new long[tensors];
    long[] pointers = new long[tensors];
    int n = 0;
    for (int i = 0; i < tensors; i++) {
      if (operands[i] != null) {
        ids[n] = i + 1;
        pointers[n++] = operands[i].address();
      }
    }
    set(arena, pack, Cudnn.CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, false, Arrays.copyOf(ids, n));
    set(arena, pack, Cudnn.CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, true, Arrays.copyOf(pointers, n));
    if (workspace != null) {
      set(arena, pack, Cudnn.CUDNN_ATTR_VARIANT_PACK_WORKSPACE, true, workspace.address());
    }
    check(library.cudnn.cudnnBackendFinalize(pack));
    return pack;
  }

  private void set(Arena arena, long pack, int attribute, boolean pointers, long... values) {
    int type = pointers ? Cudnn.CUDNN_TYPE_VOID_PTR : Cudnn.CUDNN_TYPE_INT64;
    MemorySegment array = arena.allocateFrom(JAVA_LONG, values);
    check(
        library.cudnn.cudnnBackendSetAttribute(
            pack, attribute, type, values.length, array.address()));
  }

  private void check(int status) {
    library.check(status, "a variant pack", what);
  }

  private void destroy(long descriptor) {
    check(library.cudnn.cudnnBackendDestroyDescriptor(descriptor));
  }

  @Override
  public void close() {
    destroy(plan);
  }
}
