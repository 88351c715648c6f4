package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;

/** Cutting rectangles out of pictures. */
final class Crops {
  private Crops() {}

  /** The region of the image; what lies outside the image is 0. */
  static PixelImage crop(PixelImage image, Region r) {
    if (r.equals(Region.whole(image.width(), image.height()))) {
      return image;
    }
    int channels = image.channels();
    int rowLength = Math.multiplyExact(r.width(), channels);
    byte[] out = new byte[Math.multiplyExact(rowLength, r.height())];
    int left = Math.max(r.left(), 0);
    int right = Math.min(r.right(), image.width());
    int top = Math.max(r.top(), 0);
    int bottom = Math.min(r.bottom(), image.height());
    for (int y = top; y < bottom && left < right; y++) {
      int from = (y * image.width() + left) * channels;
      int to = (y - r.top()) * rowLength + (left - r.left()) * channels;
      System.arraycopy(image.data(), from, out, to, (right - left) * channels);
    }
    return new PixelImage(r.width(), r.height(), channels, out);
  }

  /**
   * The central {@code height} by {@code width} pixels of an image, by torchvision's rule: a side
   * that is too short is first padded, the odd pixel going to the right or bottom; of a side that
   * is too long, half the excess is cut, rounded half to even.
   */
  static Region central(int imageWidth, int imageHeight, int height, int width) {
    return new Region(offset(imageHeight, height), offset(imageWidth, width), height, width);
  }

  private static int offset(int have, int want) {
    return want > have ? -((want - have) / 2) : (int) Math.rint((have - want) / 2.0);
  }

  static PixelImage flipHorizontally(PixelImage image) {
    int w = image.width();
    int c = image.channels();
    byte[] in = image.data();
    byte[] out = new byte[in.length];
    for (int y = 0; y < image.height(); y++) {
      int from = y * w * c;
      int to = from + (w - 1) * c;
      if (c == 1) {
        for (int x = 0; x < w; x++) {
          out[to - x] = in[from + x];
        }
      } else {
        for (int x = 0; x < w; x++, from += 3, to -= 3) {
          out[to] = in[from];
          out[to + 1] = in[from + 1];
          out[to + 2] = in[from + 2];
        }
      }
    }
    return new PixelImage(w, image.height(), c, out);
  }

  static PixelImage flipVertically(PixelImage image) {
    int row = image.width() * image.channels();
    byte[] out = new byte[image.data().length];
    for (int y = 0; y < image.height(); y++) {
      System.arraycopy(image.data(), y * row, out, (image.height() - 1 - y) * row, row);
    }
    return new PixelImage(image.width(), image.height(), image.channels(), out);
  }
}
