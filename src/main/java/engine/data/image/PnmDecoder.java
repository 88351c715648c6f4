package engine.data.image;

/** Portable bitmaps, graymaps and pixmaps, plain (P1 to P3) and binary (P4 to P6). */
final class PnmDecoder {
  private final Bytes in;
  private final int kind;

  private PnmDecoder(byte[] file) {
    in = new Bytes(file, 2, file.length, "PNM");
    kind = file[1] - '0';
  }

  static Decoded decode(byte[] file) throws CorruptImage {
    return new PnmDecoder(file).decode();
  }

  private Decoded decode() throws CorruptImage {
    in.skip(1);
    long width = headerNumber();
    long height = headerNumber();
    boolean bitmap = kind == 1 || kind == 4;
    boolean colour = kind == 3 || kind == 6;
    int max = bitmap ? 1 : (int) headerNumber();
    if (max <= 0 || max > 65535) {
      throw new CorruptImage("its PNM header says values up to " + max);
    }
    PixelLimit.check(width, height);
    if (kind == 4) {
      in.need((width + 7) / 8 * height);
    } else {
      // At least a byte a sample: a short file is refused before its pixels take memory.
      in.need(width * height * (colour ? 3 : 1) * (kind > 3 && max > 255 ? 2 : 1));
    }
    byte[] rgb = PixelLimit.rgb(width, height);
    int o = 0;
    for (int y = 0; y < height; y++) {
      int rowStart = in.pos;
      for (int x = 0; x < width; x++) {
        if (bitmap) {
          int bit = kind == 1 ? plainBit() : in.data[rowStart + x / 8] >> (7 - x % 8) & 1;
          o = gray(rgb, o, bit == 0 ? 255 : 0);
        } else if (colour) {
          for (int c = 0; c < 3; c++) {
            rgb[o++] = (byte) sample(max, 255);
          }
        } else {
          // Pillow keeps deep gray as 16-bit integers, and integers clip.
          o = gray(rgb, o, Math.min(255, sample(max, max > 255 ? 65535 : 255)));
        }
      }
      if (kind == 4) {
        in.skip((width + 7) / 8);
      }
    }
    return Decoded.upright((int) width, (int) height, rgb);
  }

  private static int gray(byte[] rgb, int o, int v) {
    rgb[o] = (byte) v;
    rgb[o + 1] = (byte) v;
    rgb[o + 2] = (byte) v;
    return o + 3;
  }

  private int sample(int max, int outMax) throws CorruptImage {
    int v;
    if (kind < 4) {
      v = (int) number();
      if (v > max) {
        throw new CorruptImage("its PNM data holds " + v + ", more than " + max);
      }
    } else {
      v = max < 256 ? in.u8() : in.u16be();
    }
    return max == outMax ? v : (int) Math.min(outMax, Math.rint((double) v / max * outMax));
  }

  private int plainBit() throws CorruptImage {
    int c = afterBlanks();
    if (c != '0' && c != '1') {
      throw new CorruptImage("its PNM data is damaged");
    }
    return c - '0';
  }

  /** A number and the one blank after it. */
  private long headerNumber() throws CorruptImage {
    long v = number();
    if (kind < 4 && in.left() == 0) {
      throw CorruptImage.truncated("PNM");
    }
    return v;
  }

  private long number() throws CorruptImage {
    int c = afterBlanks();
    long v = 0;
    int digits = 0;
    while (c >= '0' && c <= '9') {
      if (++digits > 10) {
        throw new CorruptImage("its PNM numbers are too long");
      }
      v = v * 10 + c - '0';
      if (in.left() == 0) {
        return v;
      }
      c = in.u8();
    }
    if (digits == 0 || !isBlank(c)) {
      throw new CorruptImage("its PNM numbers are damaged");
    }
    return v;
  }

  /** The first byte that is neither blank nor in a comment. */
  private int afterBlanks() throws CorruptImage {
    while (true) {
      int c = in.u8();
      if (c == '#') {
        while (c != '\n' && c != '\r') {
          c = in.u8();
        }
      } else if (!isBlank(c)) {
        return c;
      }
    }
  }

  private static boolean isBlank(int c) {
    return c == ' ' || (c >= 9 && c <= 13);
  }
}
