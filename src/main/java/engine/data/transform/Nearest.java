package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;

/** PIL's nearest-neighbour resize. */
final class Nearest {
  private Nearest() {}

  static PixelImage resize(PixelImage image, Region source, int width, int height, Region window) {
    int channels = image.channels();
    int[] columns = positions(source.width(), width, window.left(), window.width());
    int[] rows = positions(source.height(), height, window.top(), window.height());
    byte[] in = image.data();
    byte[] out = new byte[Math.multiplyExact(window.width() * channels, window.height())];
    int to = 0;
    for (int y : rows) {
      int row = ((source.top() + y) * image.width() + source.left()) * channels;
      for (int x : columns) {
        for (int c = 0; c < channels; c++) {
          out[to++] = in[row + x * channels + c];
        }
      }
    }
    return new PixelImage(window.width(), window.height(), channels, out);
  }

  /**
   * Source index of outputs {@code from} to {@code from + length - 1}. The position is a sum of
   * steps, not a product, as in PIL: the two differ in the last bit, which decides where the
   * position is a whole number.
   */
  private static int[] positions(int in, int out, int from, int length) {
    double step = (double) in / out;
    double position = step * 0.5;
    int[] index = new int[length];
    for (int i = 0; i < from + length; i++) {
      if (i >= from) {
        index[i - from] = Math.min((int) position, in - 1);
      }
      position += step;
    }
    return index;
  }
}
