package engine.data.image;

import java.util.Arrays;

/** Run-length encoded bitmaps, 4 or 8 bits an index. */
final class BmpRle {
  private BmpRle() {}

  /** One index a byte, rows in the file's order. */
  static byte[] decode(Bytes in, int width, int height, boolean rle4) throws CorruptImage {
    byte[] out = new byte[width * height];
    int n = 0; // pixels so far, skipped ones included
    int x = 0;
    while (n < out.length && in.left() >= 2) {
      int count = in.u8();
      int value = in.u8();
      if (count > 0) {
        int run = Math.min(count, Math.max(0, width - x));
        for (int i = 0; i < run && n < out.length; i++, n++) {
          out[n] = (byte) (!rle4 ? value : (i & 1) == 0 ? value >> 4 : value & 15);
        }
        x += run;
      } else if (value == 0) { // end of line
        n = (n + width - 1) / width * width;
        x = 0;
      } else if (value == 1) { // end of bitmap
        break;
      } else if (value == 2) { // move right and up
        if (in.left() < 2) {
          break;
        }
        int right = in.u8();
        n = (int) Math.min(out.length, n + right + (long) in.u8() * width);
        x = n % width;
      } else { // as they are, padded to 16 bits
        int bytes = rle4 ? value / 2 : value;
        byte[] run = Arrays.copyOfRange(in.data, in.pos, in.pos + Math.min(bytes, in.left()));
        in.pos += run.length;
        for (int i = 0; i < run.length * (rle4 ? 2 : 1) && n < out.length; i++, n++) {
          int b = run[rle4 ? i / 2 : i];
          out[n] = (byte) (!rle4 ? b : (i & 1) == 0 ? b >> 4 & 15 : b & 15);
        }
        x += value;
        if (run.length < bytes) {
          break;
        }
        in.pos = Math.min(in.end, in.pos + (in.pos & 1));
      }
    }
    if (n < out.length) {
      throw CorruptImage.truncated("BMP");
    }
    return out;
  }
}
