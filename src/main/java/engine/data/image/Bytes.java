package engine.data.image;

/** A cursor over a file in memory; reading past its end is a {@link CorruptImage}. */
final class Bytes {
  final byte[] data;
  final int end;
  int pos;
  private final String format;

  Bytes(byte[] data, int from, int end, String format) {
    this.data = data;
    this.pos = from;
    this.end = end;
    this.format = format;
  }

  Bytes(byte[] data, String format) {
    this(data, 0, data.length, format);
  }

  int left() {
    return end - pos;
  }

  /** Fails unless {@code n} more bytes are there. */
  void need(long n) throws CorruptImage {
    if (n < 0 || n > left()) {
      throw CorruptImage.truncated(format);
    }
  }

  void seek(long to) throws CorruptImage {
    if (to < 0 || to > end) {
      throw CorruptImage.truncated(format);
    }
    pos = (int) to;
  }

  void skip(long n) throws CorruptImage {
    need(n);
    pos += (int) n;
  }

  int u8() throws CorruptImage {
    need(1);
    return data[pos++] & 0xff;
  }

  int u16be() throws CorruptImage {
    int hi = u8();
    return hi << 8 | u8();
  }

  int u16le() throws CorruptImage {
    int lo = u8();
    return lo | u8() << 8;
  }

  long u32be() throws CorruptImage {
    long hi = u16be();
    return hi << 16 | u16be();
  }

  long u32le() throws CorruptImage {
    int lo = u16le();
    return lo | (long) u16le() << 16;
  }
}
