package engine.data.image;

/** Samples of a TIFF to RGB, by its photometric interpretation. */
final class TiffPixels {
  private final int width;
  private final int height;
  private final int bits;
  private final int samples;
  private final boolean planar;
  private final boolean bigEndian;
  private final byte[][] planes;

  TiffPixels(
      int width,
      int height,
      int bits,
      int samples,
      boolean planar,
      boolean bigEndian,
      byte[][] planes) {
    this.width = width;
    this.height = height;
    this.bits = bits;
    this.samples = samples;
    this.planar = planar;
    this.bigEndian = bigEndian;
    this.planes = planes;
  }

  /** 16-bit values clip at 255, as Pillow's integers do. */
  byte[] gray(boolean inverted, boolean signed) throws CorruptImage {
    byte[] rgb = PixelLimit.rgb(width, height);
    int max = (1 << bits) - 1;
    for (int y = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++, o += 3) {
        int v = sample(x, y, 0);
        if (bits == 16) {
          v = signed ? Math.max(0, (short) v) : v;
          v = Math.min(255, v);
        } else {
          v = (inverted ? max - v : v) * (255 / max);
        }
        rgb[o] = (byte) v;
        rgb[o + 1] = (byte) v;
        rgb[o + 2] = (byte) v;
      }
    }
    return rgb;
  }

  /** Of 16 bits the high byte; alpha is dropped, after division by it if it was multiplied in. */
  byte[] rgb(boolean premultiplied) throws CorruptImage {
    require(3);
    byte[] rgb = PixelLimit.rgb(width, height);
    for (int y = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int alpha = premultiplied && samples > 3 ? high(x, y, 3) : 255;
        for (int c = 0; c < 3; c++) {
          int v = high(x, y, c);
          rgb[o++] = (byte) (alpha == 255 ? v : alpha == 0 ? 0 : Math.min(255, 255 * v / alpha));
        }
      }
    }
    return rgb;
  }

  /** {@code map}: all reds, then greens, then blues, 16 bits each. */
  byte[] palette(long[] map) throws CorruptImage {
    int entries = map.length / 3;
    if (bits > 8 || entries == 0) {
      throw new CorruptImage("its TIFF colour map is missing");
    }
    byte[] rgb = PixelLimit.rgb(width, height);
    for (int y = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++, o += 3) {
        int i = sample(x, y, 0);
        for (int c = 0; c < 3 && i < entries; c++) {
          rgb[o + c] = (byte) (map[c * entries + i] >> 8);
        }
      }
    }
    return rgb;
  }

  byte[] cmyk() throws CorruptImage {
    require(4);
    byte[] rgb = PixelLimit.rgb(width, height);
    for (int y = 0, o = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int light = 255 - high(x, y, 3);
        for (int c = 0; c < 3; c++) {
          int t = high(x, y, c) * light + 128;
          rgb[o++] = (byte) (light - ((t >> 8) + t >> 8)); // t/255, rounded
        }
      }
    }
    return rgb;
  }

  private void require(int n) throws CorruptImage {
    if (samples < n || bits < 8) {
      throw new CorruptImage(
          "it is a TIFF with " + samples + " samples of " + bits + " bits where colour needs " + n,
          "save it again as PNG or JPEG");
    }
  }

  /** The upper 8 bits of a sample of 8 or 16. */
  private int high(int x, int y, int channel) {
    return bits == 16 ? sample(x, y, channel) >> 8 : sample(x, y, channel);
  }

  private int sample(int x, int y, int channel) {
    byte[] plane = planes[planar ? channel : 0];
    int inPlane = planar ? 1 : samples;
    int rowBytes = (int) (((long) width * inPlane * bits + 7) / 8);
    int row = y * rowBytes;
    int i = x * inPlane + (planar ? 0 : channel);
    if (bits == 8) {
      return plane[row + i] & 0xff;
    } else if (bits == 16) {
      int a = plane[row + 2 * i] & 0xff;
      int b = plane[row + 2 * i + 1] & 0xff;
      return bigEndian ? a << 8 | b : b << 8 | a;
    }
    int bit = i * bits;
    return plane[row + (bit >> 3)] >> (8 - bits - (bit & 7)) & (1 << bits) - 1;
  }
}
