package engine.backend.cpu.int8;

import engine.backend.Int8Graph.QuantizedType;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Sums bytes over the pixels of each image and rounds the mean to the output's grid, or leaves it
 * F32 where that has none.
 */
final class Int8AveragePool {
  private final Parallel parallel;
  private final QuantizedType in;
  private final QuantizedType out;
  private final long from;
  private final long to;
  private final int images;
  private final int channels;
  private final int pixels;

  /**
   * @param out null for none
   */
  Int8AveragePool(
      Parallel parallel, Shape x, QuantizedType in, QuantizedType out, long from, long to) {
    this.parallel = parallel;
    this.in = in;
    this.out = out;
    this.from = from;
    this.to = to;
    images = x.size(0);
    channels = x.size(1);
    pixels = x.size(2) * x.size(3);
  }

  void run() {
    parallel.rows(
        images,
        (long) pixels * channels,
        (first, end) -> {
          byte[] row = new byte[channels];
          int[] sum = new int[channels];
          for (long i = first; i < end; i++) {
            java.util.Arrays.fill(sum, 0);
            for (long p = 0; p < pixels; p++) {
              long at = from + (i * pixels + p) * channels;
              MemorySegment.copy(Raw.MEMORY, ValueLayout.JAVA_BYTE, at, row, 0, channels);
              add(sum, row, in.dtype() == DType.U8 ? 0xff : -1);
            }
            if (out == null) {
              mean(sum, to + i * channels * Float.BYTES);
              continue;
            }
            round(sum, row);
            MemorySegment.copy(
                row, 0, Raw.MEMORY, ValueLayout.JAVA_BYTE, to + i * channels, channels);
          }
        });
  }

  /**
   * @param mask 0xff for bytes without sign, -1 for those with
   */
  private static void add(int[] sum, byte[] row, int mask) {
    for (int c = 0; c < row.length; c++) {
      sum[c] += row[c] & mask;
    }
  }

  private void mean(int[] sum, long at) {
    double factor = (double) in.scale() / pixels;
    int offset = in.zeroPoint() * pixels;
    for (int c = 0; c < channels; c++) {
      Raw.f32(at, c, (float) ((sum[c] - offset) * factor));
    }
  }

  private void round(int[] sum, byte[] row) {
    int low = out.dtype() == DType.U8 ? 0 : -128;
    double factor = (double) in.scale() / (out.scale() * (double) pixels);
    int offset = in.zeroPoint() * pixels;
    for (int c = 0; c < row.length; c++) {
      long q = out.zeroPoint() + (long) Math.rint((sum[c] - offset) * factor);
      row[c] = (byte) Math.clamp(q, low, low + 255);
    }
  }
}
