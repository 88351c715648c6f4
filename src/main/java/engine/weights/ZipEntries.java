package engine.weights;

import engine.weights.pickle.Allowance;
import engine.weights.pickle.PickleException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * The files in a zip archive whose bytes are at hand (PKWARE's APPNOTE 6.3.10, sections 4.3 and
 * 4.5). Unlike {@code java.util.zip} it gives the bytes where they lie, uncopied, and takes stored
 * entries only, as {@code torch.save} writes: what is not compressed cannot be a bomb. Entries that
 * share bytes are refused.
 */
final class ZipEntries {
  private static final ValueLayout.OfShort U16 =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt U32 =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong U64 =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private static final int LOCAL = 0x04034b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;

  private static final int LOCAL_BYTES = 30;
  private static final int CENTRAL_BYTES = 46;
  private static final int END_BYTES = 22;
  private static final int LOCATOR_64_BYTES = 20;
  private static final int END_64_BYTES = 56;
  private static final int LONGEST_COMMENT = 0xffff;

  /** In a 32-bit field: the value is in the zip64 one. */
  private static final long IN_ZIP64 = 0xffff_ffffL;

  private static final int ENCRYPTED = 1;

  private record Range(String name, long from, long to, int crc) {}

  private final MemorySegment all;
  private final Allowance allowance;
  private final Map<String, MemorySegment> entries = new LinkedHashMap<>();
  private String compressed;
  private final List<Range> ranges = new ArrayList<>();

  private ZipEntries(MemorySegment all, Allowance allowance) {
    this.all = all;
    this.allowance = allowance;
  }

  /** The entries' bytes by name, in the order of the directory. */
  static Map<String, MemorySegment> of(MemorySegment all, Allowance allowance)
      throws PickleException {
    ZipEntries z = new ZipEntries(all, allowance);
    z.readDirectory(z.findEnd());
    z.refuseCompressed();
    z.refuseOverlaps();
    z.refuseWrongChecksums();
    return z.entries;
  }

  /** Offset of the record that ends the archive. */
  private long findEnd() throws PickleException {
    long lowest = Math.max(0, all.byteSize() - END_BYTES - LONGEST_COMMENT);
    for (long at = all.byteSize() - END_BYTES; at >= lowest; at--) {
      if (u32(at) == END && at + END_BYTES + u16(at + 20) == all.byteSize()) {
        return at;
      }
    }
    throw new PickleException(
        "is damaged: it begins like a zip archive and has no end of one; copy or download it again");
  }

  private void readDirectory(long end) throws PickleException {
    long bytes = u32(end + 12) & IN_ZIP64;
    long start = u32(end + 16) & IN_ZIP64;
    long count = u16(end + 10);
    long limit = end;
    if (count == 0xffff || bytes == IN_ZIP64 || start == IN_ZIP64) {
      long locator = end - LOCATOR_64_BYTES;
      if (locator < 0 || u32(locator) != LOCATOR_64) {
        throw damaged("its zip64 directory is missing");
      }
      long record = u64(locator + 8);
      if (record < 0 || record > locator - END_64_BYTES || u32(record) != END_64) {
        throw damaged("its zip64 directory is not where it should be");
      }
      count = u64(record + 32);
      bytes = u64(record + 40);
      start = u64(record + 48);
      limit = record;
    }
    if (start < 0 || bytes < 0 || start > limit - bytes || count < 0) {
      throw damaged("its zip directory lies outside the file");
    }
    if (count > bytes / CENTRAL_BYTES) {
      throw damaged("its zip directory claims %d entries in %d bytes", count, bytes);
    }
    long at = start;
    for (long i = 0; i < count; i++) {
      at = readEntry(at, start + bytes, start);
    }
  }

  /**
   * @param end of the directory
   * @param limit of the entries' own bytes
   * @return where the next entry begins
   */
  private long readEntry(long at, long end, long limit) throws PickleException {
    if (at > end - CENTRAL_BYTES || u32(at) != CENTRAL) {
      throw damaged("its zip directory ends too early");
    }
    int nameBytes = u16(at + 28);
    int extraBytes = u16(at + 30);
    long next = at + CENTRAL_BYTES + nameBytes + extraBytes + u16(at + 32);
    if (next > end) {
      throw damaged("its zip directory ends too early");
    }
    allowance.take(200 + 2L * nameBytes);
    String name = text(at + CENTRAL_BYTES, nameBytes);
    if ((u16(at + 8) & ENCRYPTED) != 0) {
      throw new PickleException("is encrypted: decrypt it first");
    }
    long[] sizes = {u32(at + 24) & IN_ZIP64, u32(at + 20) & IN_ZIP64, u32(at + 42) & IN_ZIP64};
    zip64(at + CENTRAL_BYTES + nameBytes, extraBytes, sizes);
    if (u16(at + 10) != 0 || sizes[0] != sizes[1]) {
      compressed = compressed == null ? name : compressed;
      entries.putIfAbsent(name, MemorySegment.NULL); // its name tells what the archive is
      return next;
    }
    add(name, sizes[0], sizes[2], limit, u32(at + 16));
    return next;
  }

  /** Replaces sizes and offset that are in the zip64 field, which holds only those, in order. */
  private void zip64(long at, int bytes, long[] sizes) throws PickleException {
    long end = at + bytes;
    for (long field = at; field <= end - 4; field += 4 + u16(field + 2)) {
      if (u16(field) == 1) {
        long value = field + 4;
        for (int i = 0; i < sizes.length; i++) {
          if (sizes[i] == IN_ZIP64) {
            if (value > end - 8) {
              throw damaged("a zip64 field is cut off");
            }
            sizes[i] = u64(value);
            value += 8;
          }
        }
        return;
      }
    }
  }

  private void add(String name, long size, long local, long limit, int crc) throws PickleException {
    if (local < 0 || local > limit - LOCAL_BYTES || u32(local) != LOCAL) {
      throw damaged("its entry %s lies outside the file", quote(name));
    }
    long data = local + LOCAL_BYTES + u16(local + 26) + u16(local + 28);
    if (size < 0 || data > limit || size > limit - data) {
      throw damaged("its entry %s of %d bytes lies outside the file", quote(name), size);
    }
    if (entries.put(name, all.asSlice(data, size)) != null) {
      throw damaged("it has the entry %s twice", quote(name));
    }
    ranges.add(new Range(name, local, data + size, crc));
  }

  /** After the overlaps, so that the work is linear in the file's size. */
  private void refuseWrongChecksums() throws PickleException {
    for (Range r : ranges) {
      // PyTorch can be told not to compute checksums; it writes 0 then.
      if (r.crc() != 0 && r.crc() != crc(entries.get(r.name()))) {
        throw damaged("the checksum of its entry %s is wrong", quote(r.name()));
      }
    }
  }

  private static int crc(MemorySegment data) {
    CRC32 crc = new CRC32();
    for (ByteBuffer chunk : Chunks.of(data)) {
      crc.update(chunk);
    }
    return (int) crc.getValue();
  }

  private void refuseOverlaps() throws PickleException {
    ranges.sort(Comparator.comparingLong(Range::from));
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).from() < ranges.get(i - 1).to()) {
        throw damaged(
            "its entries %s and %s share bytes",
            quote(ranges.get(i - 1).name()), quote(ranges.get(i).name()));
      }
    }
  }

  private String text(long at, int length) {
    byte[] name = all.asSlice(at, length).toArray(ValueLayout.JAVA_BYTE);
    return new String(name, StandardCharsets.UTF_8);
  }

  private void refuseCompressed() throws PickleException {
    if (compressed != null) {
      String kind = FileKind.ofZip(entries.keySet());
      throw new PickleException(
          kind != null
              ? kind
              : "was packed again by another program: its entry %s is compressed, which torch.save never does; load it in Python and torch.save it, or unpack it and pack it with zip -0 -r"
                  .formatted(quote(compressed)));
    }
  }

  private int u16(long at) {
    return all.get(U16, at) & 0xffff;
  }

  private int u32(long at) {
    return all.get(U32, at);
  }

  private long u64(long at) {
    return all.get(U64, at);
  }

  /** A name from the file, fit for one line of a message. */
  static String quote(String name) {
    return "'" + plain(name) + "'";
  }

  /** The same without quotes. */
  static String plain(String name) {
    String plain = name.replaceAll("[\\p{Cntrl}\\p{C}]", "?");
    return plain.length() > 80 ? plain.substring(0, 77) + "..." : plain;
  }

  private static PickleException damaged(String format, Object... args) {
    return new PickleException("is damaged: " + format.formatted(args));
  }
}
