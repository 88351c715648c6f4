package engine.backend.cuda.driver;

import engine.tensor.DType;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code struct TensorList} of cuda/multi_tensor.cuh: tensors of any number and size, cut into
 * launches that a kernel's argument space has room for.
 */
public final class TensorLists {
  private static final int MAX_TENSORS = 54;

  /** Elements that a block takes. */
  private static final int CHUNK = 4096;

  /**
   * An argument of a kernel.
   *
   * @param bytes of the tensors that it points to
   */
  record Struct(MemorySegment segment, long bytes) {}

  /** One launch: the struct, its tensors, and how many blocks they are cut into. */
  public record Part(Struct struct, int tensors, int chunks) {}

  private TensorLists() {}

  /**
   * @param columns lists of one length and order; a tensor may be null where the kernel allows it
   * @param halves of which column fp16 tensors are told to the kernel, which reads them as they are
   * @param index the place of each tensor in arrays with one number a tensor; null for its place
   *     here
   */
  public static List<Part> of(Arena arena, List<List<Tensor>> columns, int halves, int[] index) {
    List<Part> out = new ArrayList<>();
    int count = columns.getFirst().size();
    for (int from = 0; from < count; from += MAX_TENSORS) {
      int n = Math.min(MAX_TENSORS, count - from);
      long pointers = 8L * columns.size() * MAX_TENSORS;
      MemorySegment s = arena.allocate(pointers + 16L * MAX_TENSORS + 8, 8);
      long chunks = 0;
      long bytes = 0;
      long bits = 0;
      for (int t = 0; t < n; t++) {
        for (int c = 0; c < columns.size(); c++) {
          Tensor tensor = columns.get(c).get(from + t);
          bytes += tensor == null ? 0 : Launcher.bytes(tensor);
          s.setAtIndex(
              ValueLayout.JAVA_LONG,
              (long) c * MAX_TENSORS + t,
              tensor == null ? 0 : tensor.address());
        }
        bits |= columns.get(halves).get(from + t).dtype() == DType.F16 ? 1L << t : 0;
        long elements = columns.getFirst().get(from + t).shape().elements();
        chunks = Math.addExact(chunks, (elements + CHUNK - 1) / CHUNK);
        s.set(ValueLayout.JAVA_LONG, pointers + 8L * t, elements);
        s.set(
            ValueLayout.JAVA_INT,
            pointers + 8L * MAX_TENSORS + 4L * t,
            index == null ? from + t : index[from + t]);
        s.set(ValueLayout.JAVA_INT, pointers + 12L * MAX_TENSORS + 4L * t, Math.toIntExact(chunks));
      }
      for (int t = n; t < MAX_TENSORS; t++) {
        s.set(ValueLayout.JAVA_INT, pointers + 12L * MAX_TENSORS + 4L * t, (int) chunks);
      }
      s.set(ValueLayout.JAVA_LONG, pointers + 16L * MAX_TENSORS, bits);
      out.add(new Part(new Struct(s, bytes), n, (int) chunks));
    }
    return out;
  }

  /** {@code struct Indices}, likewise cut. */
  public static List<Part> indices(Arena arena, int[] index) {
    int most = 768;
    List<Part> out = new ArrayList<>();
    for (int from = 0; from < index.length; from += most) {
      int n = Math.min(most, index.length - from);
      MemorySegment s = arena.allocate(4L * most, 8);
      MemorySegment.copy(index, from, s, ValueLayout.JAVA_INT, 0, n);
      out.add(new Part(new Struct(s, 0), n, n));
    }
    return out;
  }
}
