package engine.backend.cpu.dnnl;

import engine.ffi.Dnnl;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/** An array of {@code dnnl_exec_arg_t}: which memory plays which part in a primitive's run. */
public record ExecArgs(MemorySegment array) {
  private static final long BYTES = Dnnl.dnnl_exec_arg_t.byteSize();
  private static final long ARG = offset("arg");
  private static final long MEMORY = offset("memory");

  public static ExecArgs allocate(SegmentAllocator from, int n) {
    return new ExecArgs(from.allocate(n * BYTES, 64));
  }

  /**
   * @param arg a {@code DNNL_ARG_…}
   * @param memory a {@code dnnl_memory_t}; may be filled in later by {@link #memory}
   */
  public void set(int i, int arg, long memory) {
    array.set(ValueLayout.JAVA_INT, i * BYTES + ARG, arg);
    array.set(ValueLayout.JAVA_LONG, i * BYTES + MEMORY, memory);
  }

  /** Where the {@code dnnl_memory_t} of the {@code i}-th lies. */
  public MemorySegment memory(int i) {
    return array.asSlice(i * BYTES + MEMORY, ValueLayout.ADDRESS);
  }

  public long address() {
    return array.address();
  }

  private static long offset(String field) {
    return Dnnl.dnnl_exec_arg_t.byteOffset(PathElement.groupElement(field));
  }
}
