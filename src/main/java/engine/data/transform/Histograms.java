package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.function.Function;

/** Operations whose table comes from a channel's own histogram, as in PIL's {@code ImageOps}. */
final class Histograms {
  private Histograms() {}

  /** Stretches each channel so that its darkest value becomes 0 and its lightest 255. */
  static PixelImage autocontrast(PixelImage image) {
    return perChannel(image, Histograms::stretch);
  }

  /** Maps each channel so that its values are spread as evenly as a table can. */
  static PixelImage equalize(PixelImage image) {
    return perChannel(image, Histograms::equal);
  }

  private static PixelImage perChannel(PixelImage image, Function<int[], byte[]> table) {
    byte[] in = image.data();
    byte[][] tables = new byte[image.channels()][];
    for (int c = 0; c < tables.length; c++) {
      int[] histogram = new int[256];
      for (int i = c; i < in.length; i += tables.length) {
        histogram[in[i] & 0xff]++;
      }
      tables[c] = table.apply(histogram);
    }
    return PointOps.map(image, tables);
  }

  private static byte[] stretch(int[] histogram) {
    int lo = 0;
    while (histogram[lo] == 0) {
      lo++;
    }
    int hi = highest(histogram);
    if (hi <= lo) {
      return PointOps.table(v -> v);
    }
    double scale = 255.0 / (hi - lo);
    double offset = -lo * scale;
    return PointOps.table(v -> (int) (v * scale + offset));
  }

  private static byte[] equal(int[] histogram) {
    int total = 0;
    for (int n : histogram) {
      total += n;
    }
    int step = (total - histogram[highest(histogram)]) / 255;
    if (step == 0) {
      return PointOps.table(v -> v);
    }
    byte[] table = new byte[256];
    int n = step / 2;
    for (int v = 0; v < 256; v++) {
      table[v] = (byte) Math.min(255, n / step);
      n += histogram[v];
    }
    return table;
  }

  private static int highest(int[] histogram) {
    int hi = 255;
    while (histogram[hi] == 0) {
      hi--;
    }
    return hi;
  }
}
