package engine.data.transform;

import engine.data.image.PixelImage;

/** Gray from colour and back: PIL's mode L, ITU-R 601-2 luma in 16-bit fixed point. */
final class Luma {
  private Luma() {}

  static int of(int red, int green, int blue) {
    return (19595 * red + 38470 * green + 7471 * blue + 0x8000) >> 16;
  }

  /** One channel; a gray image is returned as it is. */
  static PixelImage gray(PixelImage image) {
    if (image.channels() == 1) {
      return image;
    }
    byte[] in = image.data();
    byte[] out = new byte[in.length / 3];
    for (int i = 0, at = 0; i < out.length; i++, at += 3) {
      out[i] = (byte) of(in[at] & 0xff, in[at + 1] & 0xff, in[at + 2] & 0xff);
    }
    return new PixelImage(image.width(), image.height(), 1, out);
  }

  /** Three channels; a gray image has its values thrice, a colour image is returned as it is. */
  static PixelImage rgb(PixelImage image) {
    if (image.channels() == 3) {
      return image;
    }
    byte[] in = image.data();
    byte[] out = new byte[Math.multiplyExact(in.length, 3)];
    for (int i = 0, to = 0; i < in.length; i++, to += 3) {
      out[to] = in[i];
      out[to + 1] = in[i];
      out[to + 2] = in[i];
    }
    return new PixelImage(image.width(), image.height(), 3, out);
  }

  /** The mean gray value, rounded: {@code int(mean + 0.5)}. */
  static int mean(PixelImage image) {
    byte[] in = image.data();
    long sum = 0;
    if (image.channels() == 1) {
      for (byte v : in) {
        sum += v & 0xff;
      }
    } else {
      for (int at = 0; at < in.length; at += 3) {
        sum += of(in[at] & 0xff, in[at + 1] & 0xff, in[at + 2] & 0xff);
      }
    }
    return (int) ((double) sum / ((long) image.width() * image.height()) + 0.5);
  }
}
