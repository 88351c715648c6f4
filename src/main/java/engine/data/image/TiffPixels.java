package engine.data.image;

/** Samples of a TIFF to RGB, as Pillow converts the mode that it opens such a file in. */
final class TiffPixels {
  private final TiffLayout layout;
  private final int width;
  private final int bits;
  private final boolean bigEndian;
  private final byte[][] planes;
  private final int rowBytes;
  private final byte[] rgb;

  /**
   * @param planes packed rows: one plane, or one a sample
   * @param bigEndian the order of the bytes in samples of more than 8 bits
   */
  TiffPixels(TiffLayout layout, boolean bigEndian, byte[][] planes) throws CorruptImage {
    this.layout = layout;
    this.width = layout.width();
    this.bits = layout.bits();
    this.bigEndian = bigEndian;
    this.planes = planes;
    this.rowBytes = layout.rowBytes(width);
    this.rgb = PixelLimit.rgb(width, layout.height());
  }

  /** {@code map}: all reds, then greens, then blues, 16 bits each. */
  byte[] rgb(long[] map) throws CorruptImage {
    boolean alike = bits == 8 && layout.samples() == 3 && !layout.planar();
    switch (layout.colour()) {
      case GRAY -> gray();
      case PALETTE -> palette(map);
      case CMYK -> cmyk();
      case LAB -> lab();
      default -> {
        if (alike) {
          return planes[0];
        }
        colour();
      }
    }
    return rgb;
  }

  /** Values of more than 8 bits clip at 255, as Pillow's integers and floats do. */
  private void gray() {
    int max = bits < 12 ? (1 << bits) - 1 : 0;
    for (int y = 0, o = 0; y < layout.height(); y++) {
      for (int x = 0; x < width; x++, o += 3) {
        int v = sample(x, y, 0);
        if (layout.real()) {
          v = (int) Math.clamp(Float.intBitsToFloat(v), 0, 255);
        } else if (bits >= 12) {
          v = Math.clamp(bits == 16 && layout.signed() ? (short) v : v, 0, 255);
        } else {
          v = (layout.inverted() ? max - v : v) * (255 / max);
        }
        rgb[o] = (byte) v;
        rgb[o + 1] = (byte) v;
        rgb[o + 2] = (byte) v;
      }
    }
  }

  /** Of 16 bits the high byte; alpha is dropped, after division by it if it was multiplied in. */
  private void colour() {
    boolean premultiplied = layout.premultiplied() && layout.samples() > 3;
    for (int y = 0, o = 0; y < layout.height(); y++) {
      for (int x = 0; x < width; x++) {
        int alpha = premultiplied ? high(x, y, 3) : 255;
        for (int c = 0; c < 3; c++) {
          int v = high(x, y, c);
          rgb[o++] = (byte) (alpha == 255 ? v : alpha == 0 ? 0 : Math.min(255, 255 * v / alpha));
        }
      }
    }
  }

  private void palette(long[] map) throws CorruptImage {
    int entries = map.length / 3;
    if (entries == 0) {
      throw new CorruptImage("its TIFF colour map is missing");
    }
    for (int y = 0, o = 0; y < layout.height(); y++) {
      for (int x = 0; x < width; x++, o += 3) {
        int i = sample(x, y, 0);
        for (int c = 0; c < 3 && i < entries; c++) {
          rgb[o + c] = (byte) (map[c * entries + i] >> 8);
        }
      }
    }
  }

  private void cmyk() {
    for (int y = 0, o = 0; y < layout.height(); y++) {
      for (int x = 0; x < width; x++) {
        int light = 255 - high(x, y, 3);
        for (int c = 0; c < 3; c++) {
          int t = high(x, y, c) * light + 128;
          rgb[o++] = (byte) (light - ((t >> 8) + t >> 8)); // t/255, rounded
        }
      }
    }
  }

  /** L from 0 to 100 in 255 steps; a and b are signed bytes. */
  private void lab() {
    for (int y = 0, o = 0; y < layout.height(); y++) {
      for (int x = 0; x < width; x++, o += 3) {
        CieLab.toSrgb(sample(x, y, 0), sample(x, y, 1) ^ 128, sample(x, y, 2) ^ 128, rgb, o);
      }
    }
  }

  /** The upper 8 bits of a sample of 8 or 16. */
  private int high(int x, int y, int channel) {
    return bits == 16 ? sample(x, y, channel) >> 8 : sample(x, y, channel);
  }

  private int sample(int x, int y, int channel) {
    byte[] plane = planes[layout.planar() ? channel : 0];
    int row = y * rowBytes;
    int i = layout.planar() ? x : x * layout.samples() + channel;
    return switch (bits) {
      case 8 -> plane[row + i] & 0xff;
      case 16 -> pair(plane, row + 2 * i, bigEndian);
      case 32 -> {
        int first = pair(plane, row + 4 * i, bigEndian);
        int second = pair(plane, row + 4 * i + 2, bigEndian);
        yield bigEndian ? first << 16 | second : second << 16 | first;
      }
      case 12 -> {
        int at = row + 3 * (i >> 1);
        yield (i & 1) == 0 ? pair(plane, at, true) >> 4 : pair(plane, at + 1, true) & 0xfff;
      }
      default -> {
        int bit = i * bits;
        yield plane[row + (bit >> 3)] >> (8 - bits - (bit & 7)) & (1 << bits) - 1;
      }
    };
  }

  private static int pair(byte[] plane, int at, boolean bigEndian) {
    int a = plane[at] & 0xff;
    int b = plane[at + 1] & 0xff;
    return bigEndian ? a << 8 | b : b << 8 | a;
  }
}
