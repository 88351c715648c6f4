package engine.backend.cpu;

import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;

/** max(x, 0) over a tensor's memory as it lies: oneDNN's would turn NaN into 0. */
final class Relu {
  private static final int EXPONENT = 0x7f80;

  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  Relu(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  static boolean serves(DType type) {
    return type == DType.F32 || type == DType.BF16;
  }

  /** Padding is zero and stays zero, so the layout does not matter. */
  Tensor forward(Tensor x) {
    Tensor y = memory.emptyLike(x);
    long from = x.address();
    long to = y.address();
    boolean wide = x.dtype() == DType.F32;
    long n = x.storage().bytes() / x.dtype().bytes();
    queue.run(
        () ->
            parallel.range(
                n,
                1 << 14,
                (a, b) -> {
                  if (wide) {
                    floats(from, to, a, b);
                  } else {
                    bfloats(from, to, a, b);
                  }
                }));
    return y;
  }

  private static void floats(long from, long to, long a, long b) {
    for (long i = a; i < b; i++) {
      Raw.f32(to, i, Math.max(Raw.f32(from, i), 0f));
    }
  }

  private static void bfloats(long from, long to, long a, long b) {
    for (long i = a; i < b; i++) {
      short v = Raw.MEMORY.get(ValueLayout.JAVA_SHORT_UNALIGNED, from + i * 2);
      boolean isNan = (v & 0x7fff) > EXPONENT;
      Raw.MEMORY.set(ValueLayout.JAVA_SHORT_UNALIGNED, to + i * 2, v < 0 && !isNan ? 0 : v);
    }
  }
}
