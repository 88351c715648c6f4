package engine.data.transform;

import engine.data.image.PixelImage;

/**
 * PIL's antialiased resize on 8-bit samples: a horizontal pass, rounded to 8 bits, then a vertical
 * one, rounded again.
 *
 * <p>Only what the result needs is computed: source pixels outside {@code source} are never read,
 * so that a crop followed by a resize is one call, and outputs outside {@code window} are never
 * made, so that a resize followed by a crop is one call too. Rows of the horizontal pass live in a
 * ring just large enough for one output row, which stays in the first-level cache.
 */
final class Resampler {
  private static final int BITS = ResampleWeights.BITS;
  private static final int HALF = 1 << (BITS - 1);

  private static final ThreadLocal<Scratch> SCRATCH = ThreadLocal.withInitial(Scratch::new);

  private Resampler() {}

  /** Resizes {@code source} to {@code width} by {@code height} pixels. */
  static PixelImage resize(
      PixelImage image, Region source, int width, int height, Interpolation kernel) {
    return resize(image, source, width, height, Region.whole(width, height), kernel);
  }

  /**
   * The part {@code window} of what resizing {@code source} to {@code width} by {@code height}
   * pixels would give.
   */
  static PixelImage resize(
      PixelImage image, Region source, int width, int height, Region window, Interpolation kernel) {
    if (kernel == Interpolation.NEAREST) {
      return Nearest.resize(image, source, width, height, window);
    }
    int channels = image.channels();
    ResampleWeights across =
        ResampleWeights.of(kernel, source.width(), width, window.left(), window.width());
    ResampleWeights down =
        ResampleWeights.of(kernel, source.height(), height, window.top(), window.height());
    int rowLength = Math.multiplyExact(window.width(), channels);
    byte[] out = new byte[Math.multiplyExact(rowLength, window.height())];
    Scratch scratch = SCRATCH.get();
    scratch.reserve(down.taps(), rowLength);
    int next = 0; // the first source row that the horizontal pass has not reached
    for (int y = 0; y < window.height(); y++) {
      int first = down.first()[y];
      int end = first + down.count()[y];
      for (next = Math.max(next, first); next < end; next++) {
        int from = ((source.top() + next) * image.width() + source.left()) * channels;
        int[] row = scratch.ring[next % down.taps()];
        if (channels == 3) {
          acrossRgb(image.data(), from, across, row);
        } else {
          acrossGray(image.data(), from, across, row);
        }
      }
      down(scratch, down, y, out, y * rowLength, rowLength);
    }
    return new PixelImage(window.width(), window.height(), channels, out);
  }

  /** One row of the horizontal pass, three channels: {@code row[3 * x + channel]} in 0..255. */
  private static void acrossRgb(byte[] data, int from, ResampleWeights across, int[] row) {
    int[] weights = across.weights();
    int taps = across.taps();
    for (int x = 0; x < across.first().length; x++) {
      int at = from + 3 * across.first()[x];
      int k = x * taps;
      int end = k + across.count()[x];
      int r = HALF;
      int g = HALF;
      int b = HALF;
      for (; k < end; k++, at += 3) {
        int w = weights[k];
        r += w * (data[at] & 0xff);
        g += w * (data[at + 1] & 0xff);
        b += w * (data[at + 2] & 0xff);
      }
      row[3 * x] = clip(r >> BITS);
      row[3 * x + 1] = clip(g >> BITS);
      row[3 * x + 2] = clip(b >> BITS);
    }
  }

  private static void acrossGray(byte[] data, int from, ResampleWeights across, int[] row) {
    int[] weights = across.weights();
    int taps = across.taps();
    for (int x = 0; x < across.first().length; x++) {
      int at = from + across.first()[x];
      int k = x * taps;
      int end = k + across.count()[x];
      int sum = HALF;
      for (; k < end; k++, at++) {
        sum += weights[k] * (data[at] & 0xff);
      }
      row[x] = clip(sum >> BITS);
    }
  }

  /** One output row: rows of the ring, weighted; loops that the compiler turns into vectors. */
  private static void down(
      Scratch scratch, ResampleWeights down, int y, byte[] out, int to, int length) {
    int[] sum = scratch.sum;
    int taps = down.taps();
    int first = down.first()[y];
    int k = y * taps;
    weigh(scratch.ring[first % taps], down.weights()[k], HALF, sum, length);
    for (int t = 1; t < down.count()[y]; t++) {
      add(scratch.ring[(first + t) % taps], down.weights()[k + t], sum, length);
    }
    for (int i = 0; i < length; i++) {
      out[to + i] = (byte) clip(sum[i] >> BITS);
    }
  }

  private static void weigh(int[] row, int weight, int bias, int[] sum, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] = bias + weight * row[i];
    }
  }

  private static void add(int[] row, int weight, int[] sum, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += weight * row[i];
    }
  }

  private static int clip(int v) {
    return Math.max(0, Math.min(255, v));
  }

  /** Buffers that a thread keeps from image to image. */
  private static final class Scratch {
    private int[][] ring = new int[0][];
    private int[] sum = new int[0];

    void reserve(int rows, int length) {
      if (ring.length < rows || sum.length < length) {
        int columns = Math.max(length, sum.length);
        ring = new int[Math.max(rows, ring.length)][columns];
        sum = new int[columns];
      }
    }
  }
}
