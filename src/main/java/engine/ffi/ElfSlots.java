package engine.ffi;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Where a shared library on disk keeps the pointers through which it calls its own exported
 * functions (ELF-64, "jump slots" of the procedure linkage table). Little-endian.
 */
final class ElfSlots {
  private static final int SHT_RELA = 4;
  private static final int R_X86_64_JUMP_SLOT = 7;
  private static final int PT_GNU_RELRO = 0x6474e552;
  private static final int SYMBOL = 24;
  private static final int RELOCATION = 24;

  /**
   * A function's pointer.
   *
   * @param slot where the pointer lies, from the library's beginning in memory
   * @param function where the function itself lies, likewise
   */
  record Slot(long slot, long function) {}

  private final FileChannel file;

  private ElfSlots(FileChannel file) {
    this.file = file;
  }

  /** The slot of {@code function}, or null if the library has none that may be written. */
  static Slot find(Path library, String function) throws IOException {
    try (FileChannel file = FileChannel.open(library)) {
      return new ElfSlots(file).find(function);
    }
  }

  private Slot find(String function) throws IOException {
    ByteBuffer header = read(0, 64);
    ByteBuffer sections = read(header.getLong(0x28), 64 * header.getShort(0x3c));
    for (int s = 0; s < sections.limit(); s += 64) {
      if (sections.getInt(s + 4) == SHT_RELA) {
        ByteBuffer symbols = section(sections, sections.getInt(s + 0x28));
        ByteBuffer names =
            section(sections, sections.getInt(64 * sections.getInt(s + 0x28) + 0x28));
        Slot slot = slot(read(sections, s), symbols, names, function);
        if (slot != null) {
          return isReadOnly(header, slot.slot) ? null : slot;
        }
      }
    }
    return null;
  }

  private static Slot slot(
      ByteBuffer relocations, ByteBuffer symbols, ByteBuffer names, String function) {
    for (int r = 0; r < relocations.limit(); r += RELOCATION) {
      long info = relocations.getLong(r + 8);
      int symbol = SYMBOL * (int) (info >>> 32);
      if ((int) info == R_X86_64_JUMP_SLOT && isNamed(names, symbols.getInt(symbol), function)) {
        long value = symbols.getLong(symbol + 8);
        return value == 0 ? null : new Slot(relocations.getLong(r), value);
      }
    }
    return null;
  }

  private static boolean isNamed(ByteBuffer names, int at, String name) {
    byte[] wanted = (name + "\0").getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < wanted.length; i++) {
      if (names.get(at + i) != wanted[i]) {
        return false;
      }
    }
    return true;
  }

  /** Whether the loader takes away the right to write there once it has filled it. */
  private boolean isReadOnly(ByteBuffer header, long at) throws IOException {
    ByteBuffer segments = read(header.getLong(0x20), 56 * header.getShort(0x38));
    for (int s = 0; s < segments.limit(); s += 56) {
      long start = segments.getLong(s + 0x10);
      if (segments.getInt(s) == PT_GNU_RELRO
          && at >= start
          && at < start + segments.getLong(s + 0x28)) {
        return true;
      }
    }
    return false;
  }

  private ByteBuffer section(ByteBuffer sections, int index) throws IOException {
    return read(sections, 64 * index);
  }

  private ByteBuffer read(ByteBuffer sections, int section) throws IOException {
    return read(sections.getLong(section + 0x18), (int) sections.getLong(section + 0x20));
  }

  private ByteBuffer read(long at, int bytes) throws IOException {
    ByteBuffer b = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (b.hasRemaining()) {
      if (file.read(b, at + b.position()) < 0) {
        throw new IOException("the library ends early");
      }
    }
    return b.flip();
  }
}
