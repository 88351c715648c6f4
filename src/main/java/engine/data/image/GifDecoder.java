package engine.data.image;

import java.util.Arrays;

/** The first frame of a GIF (87a, 89a) on its screen. */
final class GifDecoder {
  private final Bytes in;
  private byte[] palette;
  private int transparent;

  private GifDecoder(byte[] file) {
    in = new Bytes(file, 6, file.length, "GIF");
  }

  static Decoded decode(byte[] file) throws CorruptImage {
    return new GifDecoder(file).decode();
  }

  private Decoded decode() throws CorruptImage {
    int screenW = in.u16le();
    int screenH = in.u16le();
    int flags = in.u8();
    in.skip(2);
    palette = (flags & 0x80) != 0 ? readPalette(flags) : grayRamp();
    findFrame();
    int x0 = in.u16le();
    int y0 = in.u16le();
    int w = in.u16le();
    int h = in.u16le();
    flags = in.u8();
    if ((flags & 0x80) != 0) {
      palette = readPalette(flags);
    }
    int width = Math.max(screenW, x0 + w);
    int height = Math.max(screenH, y0 + h);
    PixelLimit.check(width, height);
    PixelLimit.check(w, h);
    byte[] indices = new byte[w * h];
    GifLzw.decode(in, indices);
    byte[] rgb = PixelLimit.rgb(width, height);
    fill(rgb);
    boolean interlaced = (flags & 0x40) != 0;
    for (int r = 0; r < h; r++) {
      int y = y0 + (interlaced ? interlacedRow(r, h) : r);
      for (int x = 0, o = (y * width + x0) * 3; x < w; x++, o += 3) {
        System.arraycopy(palette, 3 * (indices[r * w + x] & 0xff), rgb, o, 3);
      }
    }
    return Decoded.upright(width, height, rgb);
  }

  private byte[] readPalette(int flags) throws CorruptImage {
    int bytes = 3 << (flags & 7) + 1;
    in.need(bytes);
    byte[] p = Arrays.copyOfRange(in.data, in.pos, in.pos + bytes);
    in.pos += bytes;
    for (int i = 0; i < bytes; i++) {
      if ((p[i] & 0xff) != i / 3) {
        return Arrays.copyOf(p, 768);
      }
    }
    return grayRamp(); // such a palette means gray, beyond its length too
  }

  private static byte[] grayRamp() {
    byte[] p = new byte[768];
    for (int i = 0; i < 768; i++) {
      p[i] = (byte) (i / 3);
    }
    return p;
  }

  /** Skips extensions up to the first image descriptor. */
  private void findFrame() throws CorruptImage {
    while (true) {
      int block = in.u8();
      if (block == ',') {
        return;
      } else if (block == ';') {
        throw new CorruptImage("it is a GIF without a picture");
      } else if (block == '!') {
        int label = in.u8();
        int size = in.u8();
        if (label == 0xf9 && size >= 4) {
          in.need(size);
          transparent = (in.data[in.pos] & 1) != 0 ? in.data[in.pos + 3] & 0xff : transparent;
        }
        while (size > 0) {
          in.skip(size);
          size = in.u8();
        }
      }
    }
  }

  /** The screen outside the frame has the transparent colour, or else the first one. */
  private void fill(byte[] rgb) {
    for (int o = 0; o < rgb.length; o += 3) {
      System.arraycopy(palette, 3 * transparent, rgb, o, 3);
    }
  }

  /** Which row of the picture the {@code r}-th stored one is. */
  private static int interlacedRow(int r, int h) {
    int first = (h + 7) / 8;
    int second = (h + 3) / 8;
    int third = (h + 1) / 4;
    if (r < first) {
      return r * 8;
    } else if (r < first + second) {
      return (r - first) * 8 + 4;
    } else if (r < first + second + third) {
      return (r - first - second) * 4 + 2;
    }
    return (r - first - second - third) * 2 + 1;
  }
}
