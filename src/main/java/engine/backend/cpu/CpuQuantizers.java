package engine.backend.cpu;

import engine.backend.Quantizers;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.int8.SplitWeights;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.base.Setting;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

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
    boolean padded = x.storage().bytes() > Math.max(1, x.shape().elements()) * 4;
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
                  Extremes e = new Extremes();
                  for (long p = first; p < end; p++) {
                    e.reset();
                    e.take(from, n * p / parts, n * (p + 1) / parts);
                    mins[(int) p] = e.least();
                    maxs[(int) p] = e.largest();
                  }
                });
            take(lo, hi, 0, Extremes.min(mins), Extremes.max(maxs), averaging);
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
                  Extremes e = new Extremes();
                  for (long c = first; c < end; c++) {
                    e.reset();
                    for (long o = 0; o < ch.outer; o++) {
                      e.take(from, ch.at(o, c), ch.at(o, c) + ch.inner);
                    }
                    float a = e.least();
                    float b = e.largest();
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
  public Tensor fakeQuantize(Tensor x, Tensor factor, QuantRange grid) {
    requireFloats(x);
    Tensor y = memory.emptyLike(x);
    long from = x.address();
    long to = y.address();
    blocks(
        x,
        factor,
        grid,
        (at, n, s, b) -> {
          b.load(0, from, at, n);
          if (s.factor != 0) {
            QuantLoops.scale(b.values[0], s.factor, n);
            QuantLoops.round(b.values[0], s.inverse, s.scale, s.low, s.high, n);
            QuantLoops.scale(b.values[0], 1f / s.factor, n);
          }
          b.store(0, to, at, n);
        });
    return y;
  }

  @Override
  public Tensor fakeQuantizeBackward(Tensor dy, Tensor x, Tensor factor, QuantRange grid) {
    try (Tensor g = memory.toLayoutOf(dy, x)) {
      Tensor dx = memory.emptyLike(x);
      long d = g.address();
      long from = x.address();
      long to = dx.address();
      blocks(
          x,
          factor,
          grid,
          (at, n, s, b) -> {
            b.load(0, d, at, n);
            if (s.factor != 0) {
              // In the forward's order of products: the largest weight lies on the very edge.
              b.load(1, from, at, n);
              QuantLoops.scale(b.values[1], s.factor, n);
              QuantLoops.inside(b.values[0], b.values[1], s.inverse, s.low, s.high, n);
            }
            b.store(0, to, at, n);
          });
      return dx;
    }
  }

  @Override
  public Tensor roundingGradient(Tensor dy, Tensor x, Tensor factor, QuantRange grid) {
    Channels ch = Channels.of(x, grid.axis());
    Place place = Place.of(grid, factor);
    Tensor out = memory.empty(DType.F32, Shape.of(ch.count));
    try (Tensor g = memory.toRowMajor(dy, DType.F32)) {
      long d = g.address();
      long from = x.address();
      long to = out.address();
      queue.run(
          () ->
              parallel.rows(
                  ch.count,
                  ch.outer * ch.inner,
                  (first, end) -> {
                    Buffers b = new Buffers();
                    for (long c = first; c < end; c++) {
                      Steps s = Steps.of(place, c);
                      double sum = 0;
                      for (long o = 0; o < ch.outer; o++) {
                        long stop = ch.at(o, c) + ch.inner;
                        for (long at = ch.at(o, c); at < stop; at += BLOCK) {
                          int n = (int) Math.min(BLOCK, stop - at);
                          sum += roundingGradient(b, d, from, at, n, s);
                        }
                      }
                      Raw.f32(to, c, (float) sum);
                    }
                  }));
    }
    return out;
  }

  private static double roundingGradient(Buffers b, long d, long from, long at, int n, Steps s) {
    if (s.factor == 0) {
      return 0;
    }
    b.load(0, d, at, n);
    b.load(1, from, at, n);
    QuantLoops.scale(b.values[1], s.factor, n);
    QuantLoops.rounding(b.values[0], b.values[1], s.inverse, s.scale, s.low, s.high, n);
    return QuantLoops.sum(b.values[0], n) / s.factor;
  }

  /** Where a grid lies, and the factor with it: a replayed step knows addresses alone. */
  private record Place(long scale, long zeroPoint, long factor, int qmin, int qmax) {
    static Place of(QuantRange g, Tensor factor) {
      return new Place(
          g.scale().address(),
          g.zeroPoint().address(),
          factor == null ? 0 : factor.address(),
          g.qmin(),
          g.qmax());
    }
  }

  /** The grid of one channel as the loops want it. */
  private record Steps(float factor, float scale, float inverse, float low, float high) {
    static Steps of(Place p, long channel) {
      float scale = Raw.f32(p.scale, channel);
      int zp = Raw.i32(p.zeroPoint, channel);
      float f = p.factor == 0 ? 1 : Raw.f32(p.factor, channel);
      return new Steps(f, scale, 1f / scale, p.qmin - zp, p.qmax - zp);
    }
  }

  /** Blocks of a few tensors, one thread's. */
  private static final class Buffers {
    final float[][] values = new float[2][BLOCK];

    void load(int i, long address, long at, int n) {
      MemorySegment.copy(Raw.MEMORY, F32, address + at * 4, values[i], 0, n);
    }

    void store(int i, long address, long at, int n) {
      MemorySegment.copy(values[i], 0, Raw.MEMORY, F32, address + at * 4, n);
    }
  }

  private interface Block {
    void run(long at, int n, Steps steps, Buffers buffers);
  }

  /** Runs over x in blocks, each within one channel. */
  private void blocks(Tensor x, Tensor factor, QuantRange grid, Block body) {
    long total = x.storage().bytes() / 4;
    Place place = Place.of(grid, factor);
    if (grid.axis() < 0) {
      // Padding is 0, and stays so, wherever the layout has it.
      queue.run(
          () ->
              parallel.range(
                  total, 1 << 14, (a, b) -> run(a, b, Steps.of(place, 0), new Buffers(), body)));
      return;
    }
    Channels ch = Channels.of(x, grid.axis());
    queue.run(
        () ->
            parallel.rows(
                ch.count,
                ch.outer * ch.inner,
                (first, end) -> {
                  Buffers buffers = new Buffers();
                  for (long c = first; c < end; c++) {
                    Steps s = Steps.of(place, c);
                    for (long o = 0; o < ch.outer; o++) {
                      run(ch.at(o, c), ch.at(o, c) + ch.inner, s, buffers, body);
                    }
                  }
                }));
  }

  private static void run(long from, long to, Steps s, Buffers buffers, Block body) {
    for (long at = from; at < to; at += BLOCK) {
      body.run(at, (int) Math.min(BLOCK, to - at), s, buffers);
    }
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
    return SplitWeights.areNeeded() ? 7 : 8;
  }

  private static void requireFloats(Tensor x) {
    if (x.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "only fp32 is quantised, not " + x + ": use " + Setting.PRECISION + " fp32");
    }
  }
}
