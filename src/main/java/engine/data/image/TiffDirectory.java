package engine.data.image;

import java.util.HashMap;
import java.util.Map;

/** An image file directory (TIFF 6.0, section 2) and its byte order; EXIF blocks are such files. */
final class TiffDirectory {
  private static final int SHORT = 3;
  private static final int LONG = 4;

  private record Entry(int type, long count, int at) {}

  final boolean bigEndian;
  private final Bytes in;
  private final int start;
  private final Map<Integer, Entry> entries = new HashMap<>();

  private TiffDirectory(Bytes in, boolean bigEndian) {
    this.in = in;
    this.start = in.pos;
    this.bigEndian = bigEndian;
  }

  /** Reads the first directory of the TIFF file at {@code in}'s position. */
  static TiffDirectory first(Bytes in) throws CorruptImage {
    in.need(8);
    int order = in.data[in.pos];
    TiffDirectory d = new TiffDirectory(in, order == 'M');
    boolean known = (order == 'M' || order == 'I') && in.data[in.pos + 1] == order;
    in.skip(2);
    if (!known || d.u16() != 42) {
      throw new CorruptImage("its TIFF header is damaged");
    }
    in.seek(d.start + d.u32());
    int n = d.u16();
    for (int i = 0; i < n; i++) {
      int tag = d.u16();
      d.entries.put(tag, new Entry(d.u16(), d.u32(), in.pos));
      in.skip(4);
    }
    return d;
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The only value of a tag; {@code otherwise} if it is absent or no single integer. */
  long value(int tag, long otherwise) throws CorruptImage {
    Entry e = entries.get(tag);
    boolean single = e != null && e.count == 1 && (e.type == SHORT || e.type == LONG);
    return single ? values(tag)[0] : otherwise;
  }

  /** All values of a tag of 16 or 32-bit integers; empty if it is absent. */
  long[] values(int tag) throws CorruptImage {
    Entry e = entries.get(tag);
    if (e == null || (e.type != SHORT && e.type != LONG)) {
      return new long[0];
    }
    int size = e.type == SHORT ? 2 : 4;
    in.seek(e.at);
    if (e.count * size > 4) {
      in.seek(start + u32());
    }
    in.need(e.count * size);
    long[] out = new long[(int) e.count];
    for (int i = 0; i < out.length; i++) {
      out[i] = size == 2 ? u16() : u32();
    }
    return out;
  }

  private int u16() throws CorruptImage {
    return bigEndian ? in.u16be() : in.u16le();
  }

  private long u32() throws CorruptImage {
    return bigEndian ? in.u32be() : in.u32le();
  }
}
