package engine.backend.cpu;

import engine.backend.Quantizers;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** Ranges and rounding in Java, on blocks that stay in the first cache. */
final class CpuQuantizers implements Quantizers {
  private static final int BLOCK = 2048;
  private static final float EPS = Math.ulp(1f);
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  CpuQuantizers(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  /** Where the values of a channel lie: {@code outer} runs of {@code inner} floats each. */
  private record Channels(long outer, long count, long inner) {
    static Channels of(Tensor x, int axis) {
      if (axis < 0) {
        return new Channels(1, 1, x.shape().elements());
      }
      if (!x.layout().isRowMajor()) {
        throw new IllegalArgumentException("channels of " + x + " are not row-major");
      }
      long inner = 1;
      for (int i = axis + 1; i < x.shape().rank(); i++) {
        inner *= x.shape().dim(i);
      }
      long count = x.shape().dim(axis);
      return new Channels(x.shape().elements() / (count * inner), count, inner);
    }

    /** The run {@code o} of channel {@code c}, as an index of its first float. */
    long at(long o, long c) {
      return (o * count + c) * inner;
    }
  }

  @Override
  public void observeInPlace(
      Tensor x, int axis, Tensor factor, Tensor min, Tensor max, float averaging) {
    requireFloats(x);
    // Padding channels hold zeros that are not values.
    boolean padded = x.storage().bytes() != x.shape().elements() * 4;
    if (padded) {
      try (Tensor plain = memory.toRowMajor(x, DType.F32)) {
        observeInPlace(plain, axis, factor, min, max, averaging);
      }
      return;
    }
    long from = x.address();
    long lo = min.address();
    long hi = max.address();
    if (axis < 0) {
      long n = x.shape().elements();
      int parts = (int) Math.max(1, Math.min(parallel.threads(), n / (1 << 15)));
      float[] mins = new float[parts];
      float[] maxs = new float[parts];
      queue.run(
          () -> {
            parallel.rows(
                parts,
                n / parts,
                (first, end) -> {
                  for (long p = first; p < end; p++) {
                    float[] e = extremes(from, n * p / parts, n * (p + 1) / parts);
                    mins[(int) p] = e[0];
                    maxs[(int) p] = e[1];
                  }
                });
            take(lo, hi, 0, min(mins), max(maxs), averaging);
          });
      return;
    }
    Channels ch = Channels.of(x, axis);
    long f = factor == null ? 0 : factor.address();
    queue.run(
        () ->
            parallel.rows(
                ch.count,
                ch.outer * ch.inner,
                (first, end) -> {
                  for (long c = first; c < end; c++) {
                    float a = Float.POSITIVE_INFINITY;
                    float b = Float.NEGATIVE_INFINITY;
                    for (long o = 0; o < ch.outer; o++) {
                      float[] e = extremes(from, ch.at(o, c), ch.at(o, c) + ch.inner);
                      a = Math.min(a, e[0]);
                      b = Math.max(b, e[1]);
                    }
                    if (f != 0) {
                      float k = Raw.f32(f, c);
                      float swap = k < 0 ? a * k : b * k;
                      a = k < 0 ? b * k : a * k;
                      b = swap;
                    }
                    take(lo, hi, c, a, b, averaging);
                  }
                }));
  }

  private static void take(long lo, long hi, long c, float a, float b, float averaging) {
    float oldMin = Raw.f32(lo, c);
    float oldMax = Raw.f32(hi, c);
    if (oldMin == Float.POSITIVE_INFINITY && oldMax == Float.NEGATIVE_INFINITY) {
      Raw.f32(lo, c, a);
      Raw.f32(hi, c, b);
    } else if (averaging == 0) {
      Raw.f32(lo, c, Math.min(oldMin, a));
      Raw.f32(hi, c, Math.max(oldMax, b));
    } else {
      Raw.f32(lo, c, oldMin + averaging * (a - oldMin));
      Raw.f32(hi, c, oldMax + averaging * (b - oldMax));
    }
  }

  /** Smallest and largest of the floats [begin, end) at an address. */
  private static float[] extremes(long address, long begin, long end) {
    int size = (int) Math.min(BLOCK, end - begin);
    float[] x = new float[size];
    float[] lo = new float[size];
    float[] hi = new float[size];
    Arrays.fill(lo, Float.POSITIVE_INFINITY);
    Arrays.fill(hi, Float.NEGATIVE_INFINITY);
    for (long i = begin; i < end; i += size) {
      int n = (int) Math.min(size, end - i);
      MemorySegment.copy(Raw.MEMORY, F32, address + i * 4, x, 0, n);
      QuantLoops.min(lo, x, n);
      QuantLoops.max(hi, x, n);
    }
    return new float[] {min(lo), max(hi)};
  }

  private static float min(float[] x) {
    float m = Float.POSITIVE_INFINITY;
    for (float v : x) {
      m = Math.min(m, v);
    }
    return m;
  }

  private static float max(float[] x) {
    float m = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      m = Math.max(m, v);
    }
    return m;
  }

  @Override
  public void qparamsInPlace(
      Tensor min, Tensor max, Scheme scheme, int qmin, int qmax, Tensor scale, Tensor zeroPoint) {
    long lo = min.address();
    long hi = max.address();
    long s = scale.address();
    long z = zeroPoint.address();
    long n = scale.shape().elements();
    queue.run(
        () -> {
          for (long c = 0; c < n; c++) {
            float a = Math.min(Raw.f32(lo, c), 0f);
            float b = Math.max(Raw.f32(hi, c), 0f);
            float middle = (qmax - qmin) / 2f;
            float step =
                switch (scheme) {
                  case AFFINE -> (b - a) / (qmax - qmin);
                  case SYMMETRIC -> Math.max(-a, b) / middle;
                  case SYMMETRIC_ENDS ->
                      Math.max(-a / (float) Math.ceil(middle), b / (float) Math.floor(middle));
                };
            step = Math.max(step, EPS);
            Raw.f32(s, c, step);
            Raw.i32(
                z,
                c,
                scheme == Scheme.AFFINE
                    ? (int) Math.clamp(qmin - (long) Math.rint(a / step), (long) qmin, (long) qmax)
                    : qmin < 0 ? 0 : (qmin + qmax + 1) / 2);
          }
        });
  }

  @Override
  public Rounded fakeQuantize(
      Tensor x, int axis, Tensor factor, Tensor scale, Tensor zeroPoint, int qmin, int qmax) {
    requireFloats(x);
    Tensor y = memory.emptyLike(x);
    long total = x.storage().bytes() / 4;
    Tensor mask = memory.empty(DType.U8, Shape.of(total));
    Channels ch = axis < 0 ? new Channels(1, 1, total) : Channels.of(x, axis);
    long from = x.address();
    long to = y.address();
    long bits = mask.address();
    long s = scale.address();
    long z = zeroPoint.address();
    long f = factor == null ? 0 : factor.address();
    Parallel.Range channels =
        (first, end) -> {
          float[] block = new float[BLOCK];
          byte[] inside = new byte[BLOCK];
          for (long c = first; c < end; c++) {
            for (long o = 0; o < ch.outer; o++) {
              long at = ch.at(o, c);
              round(block, inside, from, to, bits, at, at + ch.inner, s, z, f, c, qmin, qmax);
            }
          }
        };
    if (axis < 0) {
      queue.run(
          () ->
              parallel.range(
                  total,
                  1 << 14,
                  (a, b) ->
                      round(
                          new float[BLOCK],
                          new byte[BLOCK],
                          from,
                          to,
                          bits,
                          a,
                          b,
                          s,
                          z,
                          0,
                          0,
                          qmin,
                          qmax)));
    } else {
      queue.run(() -> parallel.rows(ch.count, ch.outer * ch.inner, channels));
    }
    return new Rounded(y, mask);
  }

  private static void round(
      float[] block,
      byte[] inside,
      long from,
      long to,
      long bits,
      long begin,
      long end,
      long s,
      long z,
      long f,
      long c,
      int qmin,
      int qmax) {
    float scale = Raw.f32(s, c);
    float inverse = 1f / scale;
    int zp = Raw.i32(z, c);
    float factor = f == 0 ? 1 : Raw.f32(f, c);
    for (long i = begin; i < end; i += BLOCK) {
      int n = (int) Math.min(BLOCK, end - i);
      MemorySegment.copy(Raw.MEMORY, F32, from + i * 4, block, 0, n);
      if (factor == 0) {
        Arrays.fill(inside, (byte) 1); // nothing of the channel gets through: leave it as it is
      } else {
        QuantLoops.scale(block, factor, n);
        QuantLoops.round(block, inside, inverse, scale, qmin - zp, qmax - zp, n);
        QuantLoops.scale(block, 1f / factor, n);
      }
      MemorySegment.copy(block, 0, Raw.MEMORY, F32, to + i * 4, n);
      MemorySegment.copy(inside, 0, Raw.MEMORY, ValueLayout.JAVA_BYTE, bits + i, n);
    }
  }

  @Override
  public Tensor fakeQuantizeBackward(Tensor dy, Tensor y, Tensor mask) {
    try (Tensor g = memory.toLayoutOf(dy, y)) {
      Tensor dx = memory.emptyLike(y);
      long from = g.address();
      long to = dx.address();
      long bits = mask.address();
      queue.run(
          () ->
              parallel.range(
                  mask.shape().elements(),
                  1 << 14,
                  (a, b) -> {
                    float[] d = new float[BLOCK];
                    byte[] m = new byte[BLOCK];
                    for (long i = a; i < b; i += BLOCK) {
                      int n = (int) Math.min(BLOCK, b - i);
                      MemorySegment.copy(Raw.MEMORY, F32, from + i * 4, d, 0, n);
                      MemorySegment.copy(Raw.MEMORY, ValueLayout.JAVA_BYTE, bits + i, m, 0, n);
                      QuantLoops.masked(d, m, n);
                      MemorySegment.copy(d, 0, Raw.MEMORY, F32, to + i * 4, n);
                    }
                  }));
      return dx;
    }
  }

  @Override
  public Tensor roundingGradient(Tensor dy, Tensor x, Tensor y, Tensor mask, int axis) {
    Channels ch = Channels.of(y, axis);
    Tensor out = memory.empty(DType.F32, Shape.of(ch.count));
    try (Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long d = g.address();
      long in = x.address();
      long rounded = y.address();
      long bits = mask.address();
      long to = out.address();
      queue.run(
          () ->
              parallel.rows(
                  ch.count,
                  ch.outer * ch.inner,
                  (first, end) -> {
                    float[][] b = new float[3][BLOCK];
                    byte[] m = new byte[BLOCK];
                    for (long c = first; c < end; c++) {
                      double sum = 0;
                      for (long o = 0; o < ch.outer; o++) {
                        long stop = ch.at(o, c) + ch.inner;
                        for (long i = ch.at(o, c); i < stop; i += BLOCK) {
                          int n = (int) Math.min(BLOCK, stop - i);
                          MemorySegment.copy(Raw.MEMORY, F32, d + i * 4, b[0], 0, n);
                          MemorySegment.copy(Raw.MEMORY, F32, in + i * 4, b[1], 0, n);
                          MemorySegment.copy(Raw.MEMORY, F32, rounded + i * 4, b[2], 0, n);
                          MemorySegment.copy(Raw.MEMORY, ValueLayout.JAVA_BYTE, bits + i, m, 0, n);
                          sum += QuantLoops.roundingGradient(b[0], b[1], b[2], m, n);
                        }
                      }
                      Raw.f32(to, c, (float) sum);
                    }
                  }));
    }
    return out;
  }

  @Override
  public void normFactorInPlace(Tensor gamma, Tensor variance, float eps, Tensor factor) {
    long g = gamma.address();
    long v = variance.address();
    long f = factor.address();
    long n = factor.shape().elements();
    queue.run(
        () -> {
          for (long c = 0; c < n; c++) {
            Raw.f32(f, c, Raw.f32(g, c) / (float) Math.sqrt(Raw.f32(v, c) + eps));
          }
        });
  }

  @Override
  public int weightBits() {
    int isa = Dnnl.dnnl_get_effective_cpu_isa();
    boolean vnni =
        (isa & Dnnl.dnnl_cpu_isa_avx512_core_vnni) == Dnnl.dnnl_cpu_isa_avx512_core_vnni
            || (isa & Dnnl.dnnl_cpu_isa_avx2_vnni) == Dnnl.dnnl_cpu_isa_avx2_vnni;
    return vnni ? 8 : 7;
  }

  private static void requireFloats(Tensor x) {
    if (x.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "only fp32 is quantised, not " + x + ": use --precision fp32");
    }
  }
}
