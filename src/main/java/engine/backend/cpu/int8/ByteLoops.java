package engine.backend.cpu.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Passes over bytes that lie channels last, a block of them at a time: into arrays, over which the
 * loops are vectorised, and back. Rounding is that of {@link engine.quant.QuantParams}: {@code zp +
 * round(x * (1 / s))}, halves to even.
 */
final class ByteLoops {
  private static final int BLOCK = 1 << 12;

  /** Added and taken away again, it leaves of a float what stands before the point. */
  private static final float WHOLE = 0x1.8p23f;

  private final Parallel parallel;

  ByteLoops(Parallel parallel) {
    this.parallel = parallel;
  }

  /** What happens to a block of values. */
  private interface Body {
    /**
     * @param at index of the first value
     */
    void run(long at, int n, byte[] bytes, float[] reals);
  }

  private void blocks(long values, Body body) {
    parallel.range(
        values,
        BLOCK,
        (from, end) -> {
          byte[] bytes = new byte[BLOCK];
          float[] reals = new float[BLOCK];
          for (long at = from; at < end; at += BLOCK) {
            body.run(at, (int) Math.min(BLOCK, end - at), bytes, reals);
          }
        });
  }

  /** {@code to[i] = table[from[i]]}. */
  void map(byte[] table, long from, long to, long values) {
    blocks(
        values,
        (at, n, bytes, _) -> {
          load(from + at, bytes, n);
          for (int i = 0; i < n; i++) {
            bytes[i] = table[bytes[i] & 0xff];
          }
          store(bytes, to + at, n);
        });
  }

  /** Bytes as real numbers: where, and on which grid. */
  record Bytes(long at, QuantizedType grid) {}

  /** The sum of two, rounded. */
  void add(Bytes a, Bytes b, Bytes to, long values) {
    blocks(
        values,
        (at, n, bytes, sum) -> {
          float[] other = new float[n];
          read(a, at, bytes, sum, n);
          read(b, at, bytes, other, n);
          for (int i = 0; i < n; i++) {
            sum[i] += other[i];
          }
          round(sum, bytes, to.grid, n);
          store(bytes, to.at + at, n);
        });
  }

  /**
   * Each channel of an image times a real number, rounded.
   *
   * @param gate F32 [images, channels]
   */
  void gate(Bytes x, long gate, Bytes to, long images, long pixels, int channels) {
    parallel.rows(
        images * pixels,
        channels,
        (from, end) -> {
          byte[] bytes = new byte[channels];
          float[] y = new float[channels];
          float[] g = new float[channels];
          long of = -1;
          for (long p = from; p < end; p++) {
            if (p / pixels != of) {
              of = p / pixels;
              long first = gate + of * channels * Float.BYTES;
              MemorySegment.copy(Raw.MEMORY, ValueLayout.JAVA_FLOAT, first, g, 0, channels);
            }
            read(x, p * channels, bytes, y, channels);
            for (int c = 0; c < channels; c++) {
              y[c] *= g[c];
            }
            round(y, bytes, to.grid, channels);
            store(bytes, to.at + p * channels, channels);
          }
        });
  }

  /**
   * Images by channel.
   *
   * @param to F32 [images, channels, pixels]
   */
  void real(Bytes x, long to, long images, long pixels, int channels) {
    parallel.rows(
        images * pixels,
        channels,
        (from, end) -> {
          byte[] bytes = new byte[channels];
          float[] y = new float[channels];
          for (long p = from; p < end; p++) {
            read(x, p * channels, bytes, y, channels);
            long first = p / pixels * channels * pixels + p % pixels;
            for (int c = 0; c < channels; c++) {
              Raw.f32(to, first + c * pixels, y[c]);
            }
          }
        });
  }

  /**
   * The way back.
   *
   * @param x F32 [images, channels, pixels]
   */
  void round(long x, Bytes to, long images, long pixels, int channels) {
    parallel.rows(
        images * pixels,
        channels,
        (from, end) -> {
          byte[] bytes = new byte[channels];
          float[] y = new float[channels];
          for (long p = from; p < end; p++) {
            long first = p / pixels * channels * pixels + p % pixels;
            for (int c = 0; c < channels; c++) {
              y[c] = Raw.f32(x, first + c * pixels);
            }
            round(y, bytes, to.grid, channels);
            store(bytes, to.at + p * channels, channels);
          }
        });
  }

  private static void read(Bytes x, long at, byte[] bytes, float[] to, int n) {
    load(x.at + at, bytes, n);
    float scale = x.grid.scale();
    int zero = x.grid.zeroPoint();
    if (x.grid.dtype() == DType.U8) {
      for (int i = 0; i < n; i++) {
        to[i] = ((bytes[i] & 0xff) - zero) * scale;
      }
    } else {
      for (int i = 0; i < n; i++) {
        to[i] = (bytes[i] - zero) * scale;
      }
    }
  }

  private static void round(float[] x, byte[] to, QuantizedType grid, int n) {
    float inverse = 1f / grid.scale();
    float zero = grid.zeroPoint();
    float low = (grid.dtype() == DType.U8 ? 0 : Byte.MIN_VALUE) - zero;
    float high = low + 255;
    for (int i = 0; i < n; i++) {
      float steps = Math.min(Math.max(x[i] * inverse, low - 1), high + 1);
      float whole = steps + WHOLE - WHOLE;
      to[i] = (byte) (int) (Math.min(Math.max(whole, low), high) + zero);
    }
  }

  private static void load(long from, byte[] to, int n) {
    MemorySegment.copy(Raw.MEMORY, ValueLayout.JAVA_BYTE, from, to, 0, n);
  }

  private static void store(byte[] from, long to, int n) {
    MemorySegment.copy(from, 0, Raw.MEMORY, ValueLayout.JAVA_BYTE, to, n);
  }
}
