package engine.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * The first directory of a TIFF file (TIFF 6.0, section 2) or BigTIFF file, and its byte order;
 * EXIF blocks are such files. Read as Pillow reads it: of a tag given twice the last counts, and
 * where values lie beyond the end of the file that tag and those after it are not there.
 */
final class TiffDirectory {
  static final int BYTE = 1;
  static final int UNDEFINED = 7;
  private static final int SHORT = 3;
  private static final int LONG = 4;
  private static final int RATIONAL = 5;
  private static final int SBYTE = 6;
  private static final int SSHORT = 8;
  private static final int SLONG = 9;
  private static final int SRATIONAL = 10;
  private static final int FLOAT = 11;
  private static final int DOUBLE = 12;
  private static final int IFD = 13;
  private static final int LONG8 = 16;

  /** Bytes a value, by type. */
  private static final int[] SIZE = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8, 4, 0, 0, 8};

  private record Entry(int type, long count, int at) {}

  final boolean bigEndian;

  /** Where the directory lies in the file. */
  final long offset;

  /** With 64-bit offsets. */
  final boolean bigTiff;

  private final Bytes in;
  private final int start;
  private final Map<Integer, Entry> entries = new HashMap<>();

  private TiffDirectory(Bytes in) throws CorruptImage {
    this.in = in;
    start = in.pos;
    in.need(8);
    bigEndian = in.data[start] == 'M';
    int other = in.data[start + 1];
    in.skip(2);
    int version = u16();
    bigTiff = version == 43;
    // 42 in the other byte order is taken for what was meant.
    boolean known = version == 42 || version == 42 << 8 || bigTiff;
    if ((!bigEndian && in.data[start] != 'I') || other != in.data[start] || !known) {
      throw new CorruptImage("its TIFF header is damaged");
    }
    if (bigTiff) {
      in.skip(4);
      offset = u64();
    } else {
      offset = u32();
    }
  }

  /**
   * Reads the first directory of the TIFF file at {@code in}'s position.
   *
   * @throws CorruptImage if there is no TIFF header
   */
  static TiffDirectory first(Bytes in) throws CorruptImage {
    TiffDirectory d = new TiffDirectory(in);
    try {
      d.readEntries();
    } catch (CorruptImage _) {
      // cut short: what was read counts
    }
    return d;
  }

  private void readEntries() throws CorruptImage {
    in.seek(start + offset);
    long n = bigTiff ? u64() : u16();
    for (long i = 0; Long.compareUnsigned(i, n) < 0; i++) {
      int tag = u16();
      int type = u16();
      long count = bigTiff ? u64() : u32();
      int inline = bigTiff ? 8 : 4;
      int at = in.pos;
      in.skip(inline);
      int size = type < SIZE.length ? SIZE[type] : 0;
      if (size == 0 || count == 0) {
        continue;
      }
      if (Long.compareUnsigned(count, in.end) > 0) {
        return;
      }
      if (count * size > inline) {
        int here = in.pos;
        in.seek(at);
        long values = bigTiff ? u64() : u32();
        in.seek(values < 0 ? -1 : start + values);
        in.need(count * size);
        at = in.pos;
        in.pos = here;
      }
      entries.put(tag, new Entry(type, count, at));
    }
  }

  boolean has(int tag) {
    return entries.containsKey(tag);
  }

  /** The first value of a tag of integers; {@code otherwise} if it is absent or of another type. */
  long value(int tag, long otherwise) {
    long[] values = values(tag, 1);
    return values.length == 0 ? otherwise : values[0];
  }

  /** All values of a tag of integers; empty if it is absent or of another type. */
  long[] values(int tag) {
    return values(tag, Integer.MAX_VALUE);
  }

  private long[] values(int tag, int most) {
    Entry e = entries.get(tag);
    if (e == null || !isInteger(e.type)) {
      return new long[0];
    }
    return with(
        e,
        () -> {
          long[] out = new long[(int) Math.min(most, e.count)];
          for (int i = 0; i < out.length; i++) {
            out[i] = integer(e.type);
          }
          return out;
        });
  }

  /**
   * The first value of a tag as a number: what Pillow would find equal to an integer. NaN if it is
   * absent, a text or bytes.
   */
  double number(int tag) {
    Entry e = entries.get(tag);
    if (e == null || e.type == BYTE || (!isInteger(e.type) && e.type < RATIONAL)) {
      return Double.NaN;
    }
    return this.<Double>with(
        e,
        () ->
            switch (e.type) {
              case RATIONAL -> (double) u32() / nonZero(u32());
              case SRATIONAL -> (double) (int) u32() / nonZero((int) u32());
              case FLOAT -> (double) Float.intBitsToFloat((int) u32());
              case DOUBLE -> Double.longBitsToDouble(u64());
              case UNDEFINED -> Double.NaN;
              default -> (double) integer(e.type);
            });
  }

  private static double nonZero(long denominator) {
    return denominator == 0 ? Double.NaN : denominator;
  }

  /** The bytes of a tag, whatever its type; null if it is absent. */
  byte[] bytes(int tag) {
    Entry e = entries.get(tag);
    return e == null
        ? null
        : Arrays.copyOfRange(in.data, e.at, e.at + (int) e.count * SIZE[e.type]);
  }

  /**
   * This directory with other values of some tags, and without others, to be put at {@code at} of a
   * file that begins with a copy of this one.
   *
   * @param changed the new values, integers; none for a tag that is left out
   */
  byte[] rewritten(Map<Integer, long[]> changed, long at) {
    TreeSet<Integer> tags = new TreeSet<>(entries.keySet());
    tags.addAll(changed.keySet());
    tags.removeIf(tag -> changed.containsKey(tag) && changed.get(tag).length == 0);
    int word = bigTiff ? 8 : 4;
    int size = (bigTiff ? 8 : 2) + tags.size() * (4 + 2 * word) + word;
    int values = changed.values().stream().mapToInt(v -> v.length * word).sum();
    ByteBuffer out = ByteBuffer.allocate(size + values);
    out.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    put(out, tags.size(), bigTiff ? 8 : 2);
    int next = size;
    for (int tag : tags) {
      Entry e = entries.get(tag);
      long[] v = changed.get(tag);
      out.putShort((short) tag).putShort((short) (v == null ? e.type : bigTiff ? LONG8 : LONG));
      put(out, v == null ? e.count : v.length, word);
      int after = out.position() + word;
      if (v != null) {
        if (v.length > 1) {
          put(out, at + next, word);
          out.position(next);
          next += v.length * word;
        }
        for (long value : v) {
          put(out, value, word);
        }
      } else if (e.count * SIZE[e.type] <= word) {
        out.put(in.data, e.at, (int) e.count * SIZE[e.type]);
      } else {
        put(out, e.at, word);
      }
      out.position(after);
    }
    return out.array();
  }

  private static void put(ByteBuffer to, long value, int bytes) {
    switch (bytes) {
      case 2 -> to.putShort((short) value);
      case 4 -> to.putInt((int) value);
      default -> to.putLong(value);
    }
  }

  private interface Read<T> {
    T get() throws CorruptImage;
  }

  private <T> T with(Entry e, Read<T> read) {
    try {
      in.seek(e.at);
      return read.get();
    } catch (CorruptImage x) {
      throw new IllegalStateException("its place was checked", x);
    }
  }

  private static boolean isInteger(int type) {
    return switch (type) {
      case BYTE, SHORT, LONG, SBYTE, SSHORT, SLONG, IFD, LONG8 -> true;
      default -> false;
    };
  }

  private long integer(int type) throws CorruptImage {
    return switch (type) {
      case BYTE -> in.u8();
      case SBYTE -> (byte) in.u8();
      case SHORT -> u16();
      case SSHORT -> (short) u16();
      case SLONG -> (int) u32();
      case LONG8 -> u64();
      default -> u32();
    };
  }

  private int u16() throws CorruptImage {
    return bigEndian ? in.u16be() : in.u16le();
  }

  private long u32() throws CorruptImage {
    return bigEndian ? in.u32be() : in.u32le();
  }

  private long u64() throws CorruptImage {
    long first = u32();
    return bigEndian ? first << 32 | u32() : first | u32() << 32;
  }
}
