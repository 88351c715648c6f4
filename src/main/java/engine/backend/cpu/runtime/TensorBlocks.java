package engine.backend.cpu.runtime;

import engine.tensor.DType;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Lists of tensors walked side by side, as if each list were one long array. They are cut into
 * blocks, which threads share out, and a block into chunks: a chunk is copied to Java arrays that
 * stay in the first-level cache, worked on there, and copied back. C2 vectorises loops over arrays,
 * but not over native memory, where it cannot rule out that two addresses overlap: AdamW takes a
 * third of the time so.
 */
public final class TensorBlocks {
  /** Elements in a block. The cut depends on the tensors alone, never on the number of threads. */
  private static final int BLOCK = 1 << 14;

  /** Elements in a chunk: the fastest of 128 to 4096. */
  private static final int CHUNK = 512;

  /** The most lists walked together. */
  private static final int COLUMNS = 5;

  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private static final ThreadLocal<float[][]> SCRATCH =
      ThreadLocal.withInitial(() -> new float[COLUMNS][CHUNK]);

  /** Work on one chunk. */
  public interface Body {
    /**
     * @param block number of the block it is in, from 0
     * @param tensor place in the lists of the tensor it is in
     * @param x the chunk's elements of each list
     * @param n how many of each there are
     */
    void run(int block, int tensor, float[][] x, int n);
  }

  private final long[][] addresses;
  private final int[] tensor;
  private final long[] start;
  private final long[] before;
  private final long elements;

  /**
   * @param columns lists of the same length; tensors of one place have one shape and layout
   * @throws IllegalArgumentException where they have not, or are not F32
   */
  @SafeVarargs
  public TensorBlocks(List<Tensor>... columns) {
    List<Tensor> model = columns[0];
    for (List<Tensor> c : columns) {
      check(model, c);
    }
    addresses = new long[columns.length][];
    for (int c = 0; c < columns.length; c++) {
      addresses[c] = columns[c].stream().mapToLong(Tensor::address).toArray();
    }
    int blocks =
        model.stream().mapToInt(t -> Math.toIntExact((elements(t) + BLOCK - 1) / BLOCK)).sum();
    tensor = new int[blocks];
    start = new long[blocks];
    before = new long[blocks + 1];
    int b = 0;
    for (int t = 0; t < model.size(); t++) {
      long n = elements(model.get(t));
      for (long i = 0; i < n; i += BLOCK) {
        tensor[b] = t;
        start[b] = i;
        before[b + 1] = before[b] + Math.min(BLOCK, n - i);
        b++;
      }
    }
    elements = before[blocks];
  }

  /** Number of blocks. */
  public int count() {
    return tensor.length;
  }

  /**
   * Runs {@code body} on every chunk; those of one block in order on one thread.
   *
   * @param writes which columns are copied back afterwards; all are read
   */
  public void forEach(Parallel parallel, boolean[] writes, Body body) {
    parallel.range(elements, BLOCK, (from, to) -> part(first(from), first(to), writes, body));
  }

  /** The first block that starts at or after an element of the whole. */
  private int first(long element) {
    int i = Arrays.binarySearch(before, element);
    return i >= 0 ? i : -i - 1;
  }

  private void part(int from, int to, boolean[] writes, Body body) {
    float[][] x = SCRATCH.get();
    for (int b = from; b < to; b++) {
      int t = tensor[b];
      int size = (int) (before[b + 1] - before[b]);
      for (int i = 0; i < size; i += CHUNK) {
        int n = Math.min(CHUNK, size - i);
        long offset = (start[b] + i) * 4;
        for (int c = 0; c < addresses.length; c++) {
          MemorySegment.copy(Raw.MEMORY, F32, addresses[c][t] + offset, x[c], 0, n);
        }
        body.run(b, t, x, n);
        for (int c = 0; c < addresses.length; c++) {
          if (writes[c]) {
            MemorySegment.copy(x[c], 0, Raw.MEMORY, F32, addresses[c][t] + offset, n);
          }
        }
      }
    }
  }

  private static void check(List<Tensor> model, List<Tensor> column) {
    for (int t = 0; t < model.size(); t++) {
      Tensor a = model.get(t);
      Tensor b = column.get(t);
      if (b.dtype() != DType.F32
          || !b.shape().equals(a.shape())
          || b.layout() != a.layout()
          || elements(b) != elements(a)) {
        throw new IllegalArgumentException(
            "an optimiser works on F32 tensors of one layout, not on " + a + " with " + b);
      }
    }
  }

  /** Padding of a blocked layout is worked on too: it is zero, and stays so. */
  private static long elements(Tensor t) {
    return t.layout().isRowMajor() ? t.shape().elements() : t.storage().bytes() / 4;
  }
}
