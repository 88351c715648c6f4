package engine.data.image;

/** GIF's variable-length LZW, in data blocks of up to 255 bytes. */
final class GifLzw {
  private static final int TABLE = 4096;

  private GifLzw() {}

  /** Fills {@code out}; {@code in} stands at the code size. */
  static void decode(Bytes in, byte[] out) throws CorruptImage {
    int bits = in.u8();
    if (bits > 12) {
      throw damaged();
    }
    int clear = 1 << bits;
    byte[] last = new byte[TABLE + 1]; // last byte of an entry's string
    short[] prefix = new short[TABLE + 1];
    byte[] string = new byte[TABLE + 1];
    int next = clear + 2;
    int size = bits + 1;
    int previous = -1;
    int first = 0;
    long buffer = 0;
    int have = 0;
    int block = 0;
    int n = 0;
    while (n < out.length) {
      while (have < size) {
        if (block == 0) {
          block = in.u8();
          in.need(block);
          continue;
        }
        buffer |= (long) in.u8() << have;
        have += 8;
        block--;
      }
      int code = (int) buffer & (1 << size) - 1;
      buffer >>>= size;
      have -= size;
      if (code == clear) {
        next = clear + 2;
        size = bits + 1;
        previous = -1;
        continue;
      } else if (code == clear + 1) {
        throw CorruptImage.truncated("GIF");
      } else if (previous < 0 ? code > clear : code > next) {
        throw damaged();
      }
      int at = TABLE;
      int c = code;
      if (previous >= 0 && code == next) {
        string[at--] = (byte) first;
        c = previous;
      }
      while (c >= clear) {
        if (at <= 0 || c >= TABLE) {
          throw damaged();
        }
        string[at--] = last[c];
        c = prefix[c];
      }
      string[at] = (byte) c;
      first = c;
      if (previous >= 0 && next < TABLE) {
        last[next] = (byte) c;
        prefix[next] = (short) previous;
        if (next == (1 << size) - 1 && size < 12) {
          size++;
        }
        next++;
      }
      previous = code;
      int k = Math.min(TABLE + 1 - at, out.length - n);
      System.arraycopy(string, at, out, n, k);
      n += k;
    }
  }

  private static CorruptImage damaged() {
    return new CorruptImage("its GIF data is damaged");
  }
}
