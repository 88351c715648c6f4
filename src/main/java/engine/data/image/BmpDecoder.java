package engine.data.image;

import java.util.List;

/** Windows and OS/2 bitmaps: 1 to 32 bits, bit fields, RLE; alpha is dropped. */
final class BmpDecoder {
  private static final int RAW = 0;
  private static final int RLE8 = 1;
  private static final int RLE4 = 2;
  private static final int BITFIELDS = 3;

  private static final List<Long> MASKS_24 = List.of(0xff0000L, 0xff00L, 0xffL);

  /** Red, green, blue, alpha: the layouts that Pillow knows. */
  private static final List<List<Long>> MASKS_32 =
      List.of(
          List.of(0xff0000L, 0xff00L, 0xffL, 0L),
          List.of(0xff000000L, 0xff0000L, 0xff00L, 0L),
          List.of(0xff000000L, 0xff00L, 0xffL, 0L),
          List.of(0xff000000L, 0xff0000L, 0xff00L, 0xffL),
          List.of(0xffL, 0xff00L, 0xff0000L, 0xff000000L),
          List.of(0xff0000L, 0xff00L, 0xffL, 0xff000000L),
          List.of(0xff000000L, 0xff00L, 0xffL, 0xff0000L));

  private final Bytes in;
  private long width;
  private long height;
  private boolean topDown;
  private int bits;
  private int compression;
  private long colours;
  private int paletteEntry;

  /** Bit positions of red, green and blue in a pixel of 24 or 32 bits. */
  private int[] shifts = {16, 8, 0};

  private boolean green6;

  private BmpDecoder(byte[] file) {
    in = new Bytes(file, 10, file.length, "BMP");
  }

  static Decoded decode(byte[] file) throws CorruptImage {
    return new BmpDecoder(file).decode();
  }

  private Decoded decode() throws CorruptImage {
    long offset = in.u32le();
    int headerSize = (int) Math.min(in.u32le(), Integer.MAX_VALUE);
    header(headerSize);
    PixelLimit.check(width, height);
    if (colours == 0) {
      colours = bits < 32 ? 1L << bits : 0;
    }
    if (offset == 14L + headerSize && bits <= 8) {
      offset += paletteEntry * colours;
    }
    byte[] palette = bits <= 8 ? palette() : null;
    if (offset != 0) {
      in.seek(Math.min(offset, in.end));
    }
    byte[] rgb = PixelLimit.rgb(width, height);
    if (compression == RLE8 || compression == RLE4) {
      byte[] indices = BmpRle.decode(in, (int) width, (int) height, compression == RLE4);
      for (int y = 0; y < height; y++) {
        paletteRow(indices, y * (int) width, 8, palette, rgb, target(y));
      }
    } else {
      raw(palette, rgb);
    }
    return Decoded.upright((int) width, (int) height, rgb);
  }

  private void header(int size) throws CorruptImage {
    in.need(size - 4L);
    int end = in.pos + size - 4;
    if (size == 12) {
      width = in.u16le();
      height = in.u16le();
      in.skip(2);
      bits = in.u16le();
      paletteEntry = 3;
    } else if (List.of(40, 52, 56, 64, 108, 124).contains(size)) {
      width = in.u32le();
      height = in.u32le();
      topDown = height >>> 24 == 0xff;
      height = topDown ? (1L << 32) - height : height;
      in.skip(2);
      bits = in.u16le();
      compression = (int) in.u32le();
      in.skip(12);
      colours = in.u32le();
      in.skip(4);
      paletteEntry = 4;
    } else {
      throw unsupported("a header of " + size + " bytes");
    }
    if (!List.of(1, 4, 8, 16, 24, 32).contains(bits)) {
      throw unsupported(bits + " bits a pixel");
    }
    if (compression == BITFIELDS) {
      // Three masks follow a 40-byte header; larger ones hold them, from 56 bytes on with alpha.
      bitFields(in.u32le(), in.u32le(), in.u32le(), size >= 56 ? in.u32le() : 0);
    } else if (compression < RAW || compression > BITFIELDS) {
      throw unsupported("compression " + compression);
    }
    in.pos = Math.max(in.pos, end);
  }

  private void bitFields(long red, long green, long blue, long alpha) throws CorruptImage {
    if (bits == 16) {
      green6 = red == 0xf800 && green == 0x7e0 && blue == 0x1f;
      if (green6 || (red == 0x7c00 && green == 0x3e0 && blue == 0x1f)) {
        return;
      }
    } else if (bits == 24 && List.of(red, green, blue).equals(MASKS_24)) {
      return;
    } else if (bits == 32) {
      List<Long> masks = List.of(red, green, blue, alpha);
      if (MASKS_32.contains(masks)) {
        shifts = new int[] {shift(red), shift(green), shift(blue)};
        return;
      } else if ((red | green | blue | alpha) == 0) {
        return;
      }
    }
    throw unsupported("this layout of bit fields");
  }

  private static int shift(long mask) {
    return Long.numberOfTrailingZeros(mask);
  }

  private byte[] palette() throws CorruptImage {
    if (colours <= 0 || colours > 65536) {
      throw unsupported("a palette of " + colours + " colours");
    }
    byte[] rgb = new byte[768];
    int n = (int) Math.min(Math.min(256, colours), in.left() / paletteEntry);
    for (int i = 0; i < n; i++) {
      int p = in.pos + i * paletteEntry;
      rgb[3 * i] = in.data[p + 2];
      rgb[3 * i + 1] = in.data[p + 1];
      rgb[3 * i + 2] = in.data[p];
    }
    in.pos += (int) Math.min(in.left(), colours * paletteEntry);
    return rgb;
  }

  private void raw(byte[] palette, byte[] rgb) throws CorruptImage {
    long stride = (width * bits + 31) / 32 * 4;
    long used = (width * bits + 7) / 8;
    in.need(stride * (height - 1) + used); // the last row may lack its padding
    for (int y = 0; y < height; y++) {
      int from = in.pos + (int) (stride * y);
      int to = target(y);
      if (bits <= 8) {
        paletteRow(in.data, from, bits, palette, rgb, to);
      } else if (bits == 16) {
        row16(from, rgb, to);
      } else {
        rowBytes(from, rgb, to);
      }
    }
  }

  /** Where row {@code y} of the file goes in the picture. */
  private int target(int y) {
    return (int) ((topDown ? y : height - 1 - y) * width * 3);
  }

  private void paletteRow(byte[] src, int from, int depth, byte[] palette, byte[] rgb, int to) {
    for (int x = 0, o = to; x < width; x++, o += 3) {
      int bit = x * depth;
      int index = src[from + (bit >> 3)] >> (8 - depth - (bit & 7)) & (1 << depth) - 1;
      System.arraycopy(palette, 3 * index, rgb, o, 3);
    }
  }

  private void row16(int from, byte[] rgb, int to) {
    int greenMax = green6 ? 63 : 31;
    for (int x = 0, o = to, p = from; x < width; x++, o += 3, p += 2) {
      int v = in.data[p] & 0xff | (in.data[p + 1] & 0xff) << 8;
      rgb[o] = (byte) ((v >> (green6 ? 11 : 10) & 31) * 255 / 31);
      rgb[o + 1] = (byte) ((v >> 5 & greenMax) * 255 / greenMax);
      rgb[o + 2] = (byte) ((v & 31) * 255 / 31);
    }
  }

  private void rowBytes(int from, byte[] rgb, int to) {
    int pixel = bits / 8;
    for (int x = 0, o = to, p = from; x < width; x++, o += 3, p += pixel) {
      rgb[o] = in.data[p + shifts[0] / 8];
      rgb[o + 1] = in.data[p + shifts[1] / 8];
      rgb[o + 2] = in.data[p + shifts[2] / 8];
    }
  }

  private static CorruptImage unsupported(String what) {
    return new CorruptImage(
        "it is a BMP with " + what + ", which is not supported", "save it again as PNG or JPEG");
  }
}
