package engine.backend.cuda.libraries;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries that a shared library of Linux links to, by the names that the loader will look
 * for: {@code DT_NEEDED} of its dynamic section (System V ABI, chapter 5).
 */
final class ElfNeeds {
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final int LOAD = 1;
  private static final int DYNAMIC = 2;
  private static final int NEEDED = 1;
  private static final int STRING_TABLE = 5;
  private static final int LONGEST_NAME = 256;

  private final FileChannel file;
  private final List<long[]> segments = new ArrayList<>();

  private ElfNeeds(FileChannel file) {
    this.file = file;
  }

  /** Such as {@code libc.so.6}; empty for a file that is no 64-bit shared library. */
  static List<String> of(Path library) throws IOException {
    try (FileChannel in = FileChannel.open(library)) {
      return new ElfNeeds(in).names();
    }
  }

  private List<String> names() throws IOException {
    ByteBuffer header = at(0, 64);
    if (header.limit() < 64
        || header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC
        || header.get(4) != CLASS_64
        || header.get(5) != LITTLE_ENDIAN) {
      return List.of();
    }
    header.order(ByteOrder.LITTLE_ENDIAN);
    long table = header.getLong(32);
    int size = Short.toUnsignedInt(header.getShort(54));
    int count = Short.toUnsignedInt(header.getShort(56));
    long[] dynamic = null;
    for (int i = 0; i < count; i++) {
      ByteBuffer segment = at(table + (long) i * size, 56);
      // Offset in the file, address in memory, bytes in the file.
      long[] place = {segment.getLong(8), segment.getLong(16), segment.getLong(32)};
      switch (segment.getInt(0)) {
        case LOAD -> segments.add(place);
        case DYNAMIC -> dynamic = place;
        default -> {}
      }
    }
    return dynamic == null ? List.of() : needed(at(dynamic[0], (int) dynamic[2]));
  }

  private List<String> needed(ByteBuffer dynamic) throws IOException {
    List<Long> offsets = new ArrayList<>();
    long strings = 0;
    for (int i = 0; i + 16 <= dynamic.limit(); i += 16) {
      long value = dynamic.getLong(i + 8);
      switch ((int) dynamic.getLong(i)) {
        case NEEDED -> offsets.add(value);
        case STRING_TABLE -> strings = value;
        default -> {}
      }
    }
    List<String> out = new ArrayList<>();
    for (long offset : offsets) {
      ByteBuffer name = at(inFile(strings) + offset, LONGEST_NAME);
      int end = 0;
      while (end < name.limit() && name.get(end) != 0) {
        end++;
      }
      out.add(StandardCharsets.US_ASCII.decode(name.limit(end)).toString());
    }
    return out;
  }

  private long inFile(long address) {
    return segments.stream()
        .filter(s -> address >= s[1] && address < s[1] + s[2])
        .mapToLong(s -> address - s[1] + s[0])
        .findFirst()
        .orElse(address);
  }

  /** Up to {@code bytes} bytes from {@code offset}; fewer at the end of the file. */
  private ByteBuffer at(long offset, int bytes) throws IOException {
    if (offset < 0 || bytes < 0 || bytes > 1 << 20) {
      throw new IOException("a table of the library lies outside of it");
    }
    ByteBuffer out = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (out.hasRemaining() && file.read(out, offset + out.position()) > 0) {}
    return out.flip();
  }
}
