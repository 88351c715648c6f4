package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.Arrays;

/**
 * PIL's antialiased resize on 8-bit samples: a horizontal pass, rounded to 8 bits, then a vertical
 * one, rounded again.
 *
 * <p>Only what the result needs is computed: source pixels outside {@code source} are never read,
 * so that a crop followed by a resize is one call, and outputs outside {@code window} are never
 * made, so that a resize followed by a crop is one call too. Rows of the horizontal pass live in a
 * ring just large enough for one output row, which stays in the caches.
 */
final class Resampler {
  private static final int BITS = ResampleWeights.BITS;
  private static final int HALF = 1 << (BITS - 1);

  /** With fewer taps, the rounding of non-negative weights cannot lift a sum to 256. */
  private static final int SAFE_TAPS = 8192;

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
    int length = Math.multiplyExact(window.width(), channels);
    byte[] out = new byte[Math.multiplyExact(length, window.height())];
    Scratch scratch = SCRATCH.get();
    scratch.reserve(down.taps(), length);
    int next = 0; // the first source row that the horizontal pass has not reached
    for (int y = 0; y < window.height(); y++) {
      int first = down.first()[y];
      for (next = Math.max(next, first); next < first + down.taps(); next++) {
        int from = ((source.top() + next) * image.width() + source.left()) * channels;
        int[] row = scratch.ring[next % down.taps()];
        Arrays.fill(row, 0, length, HALF);
        if (channels == 3) {
          acrossRgb(image.data(), from, across, row);
        } else {
          acrossGray(image.data(), from, across, row);
        }
        round(row, length, clips(kernel, across));
      }
      Arrays.fill(scratch.sum, 0, length, HALF);
      for (int t = 0; t < down.taps(); t++) {
        int[] row = scratch.ring[(first + t) % down.taps()];
        add(row, down.weights()[y * down.taps() + t], scratch.sum, length);
      }
      round(scratch.sum, length, clips(kernel, down));
      store(scratch.sum, out, y * length, length);
    }
    return new PixelImage(window.width(), window.height(), channels, out);
  }

  /**
   * Adds one row of the horizontal pass to {@code row[3 * x + channel]}. Taps are taken four at a
   * time, then two, then one: a loop over the few taps of each pixel would cost more than the sums.
   */
  private static void acrossRgb(byte[] data, int from, ResampleWeights across, int[] row) {
    int tap = 0;
    for (; tap + 4 <= across.taps(); tap += 4) {
      fourTaps(data, from + 3 * tap, across, tap, row);
    }
    for (; tap + 2 <= across.taps(); tap += 2) {
      twoTaps(data, from + 3 * tap, across, tap, row);
    }
    if (tap < across.taps()) {
      oneTap(data, from + 3 * tap, across, tap, row);
    }
  }

  private static void fourTaps(byte[] data, int from, ResampleWeights across, int tap, int[] row) {
    int[] first = across.first();
    int[] weights = across.weights();
    int k = tap;
    for (int x = 0; x < first.length; x++, k += across.taps()) {
      int at = from + 3 * first[x];
      int w0 = weights[k];
      int w1 = weights[k + 1];
      int w2 = weights[k + 2];
      int w3 = weights[k + 3];
      for (int c = 0; c < 3; c++) {
        row[3 * x + c] +=
            w0 * (data[at + c] & 0xff)
                + w1 * (data[at + 3 + c] & 0xff)
                + w2 * (data[at + 6 + c] & 0xff)
                + w3 * (data[at + 9 + c] & 0xff);
      }
    }
  }

  private static void twoTaps(byte[] data, int from, ResampleWeights across, int tap, int[] row) {
    int[] first = across.first();
    int[] weights = across.weights();
    int k = tap;
    for (int x = 0; x < first.length; x++, k += across.taps()) {
      int at = from + 3 * first[x];
      int w0 = weights[k];
      int w1 = weights[k + 1];
      for (int c = 0; c < 3; c++) {
        row[3 * x + c] += w0 * (data[at + c] & 0xff) + w1 * (data[at + 3 + c] & 0xff);
      }
    }
  }

  private static void oneTap(byte[] data, int from, ResampleWeights across, int tap, int[] row) {
    int[] first = across.first();
    for (int x = 0; x < first.length; x++) {
      int at = from + 3 * first[x];
      for (int c = 0; c < 3; c++) {
        row[3 * x + c] += across.weights()[x * across.taps() + tap] * (data[at + c] & 0xff);
      }
    }
  }

  private static void acrossGray(byte[] data, int from, ResampleWeights across, int[] row) {
    int taps = across.taps();
    for (int x = 0; x < across.first().length; x++) {
      int at = from + across.first()[x];
      int sum = row[x];
      for (int t = 0; t < taps; t++) {
        sum += across.weights()[x * taps + t] * (data[at + t] & 0xff);
      }
      row[x] = sum;
    }
  }

  private static void add(int[] row, int weight, int[] sum, int length) {
    for (int i = 0; i < length; i++) {
      sum[i] += weight * row[i];
    }
  }

  private static boolean clips(Interpolation kernel, ResampleWeights axis) {
    return kernel == Interpolation.BICUBIC || axis.taps() > SAFE_TAPS;
  }

  private static void round(int[] sum, int length, boolean clips) {
    for (int i = 0; i < length; i++) {
      sum[i] >>= BITS;
    }
    if (clips) {
      for (int i = 0; i < length; i++) {
        sum[i] = Math.max(0, Math.min(255, sum[i]));
      }
    }
  }

  private static void store(int[] sum, byte[] out, int to, int length) {
    for (int i = 0; i < length; i++) {
      out[to + i] = (byte) sum[i];
    }
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
