package engine.weights;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The checksum that a safetensors file carries as its metadata {@code engine.crc32c}: eight
 * hexadecimal digits, CRC-32C of the header and all data with those digits taken as zeros. Other
 * readers see one more string of metadata; a file without it is taken as it is.
 */
final class FileChecksum {
  private static final String KEY = "engine.crc32c";
  private static final String ZEROS = "00000000";

  /** How the entry begins in the JSON; within strings the quotes would have backslashes. */
  private static final byte[] ENTRY = ("\"" + KEY + "\":\"").getBytes(StandardCharsets.US_ASCII);

  private FileChecksum() {}

  /** Adds room for the checksum to metadata, unless there is none. */
  static Map<String, String> withRoom(Map<String, String> metadata) {
    if (metadata.isEmpty()) {
      return metadata;
    }
    Map<String, String> out = new LinkedHashMap<>(metadata);
    out.put(KEY, ZEROS);
    return out;
  }

  static Map<String, String> without(Map<String, String> metadata) {
    Map<String, String> out = new LinkedHashMap<>(metadata);
    out.remove(KEY);
    return out;
  }

  /** Computes the checksum and puts it into the header where {@link #withRoom} made room for it. */
  static void fillIn(byte[] header, List<MemorySegment> data) {
    int at = digitsAt(header);
    if (at < 0) {
      return;
    }
    CRC32C crc = new CRC32C();
    crc.update(header);
    for (MemorySegment d : data) {
      update(crc, d);
    }
    byte[] digits = digits(crc);
    System.arraycopy(digits, 0, header, at, digits.length);
  }

  /** Whether a file's checksum fits its contents; also true for a file that carries none. */
  static boolean holds(MemorySegment all, SafeTensorsHeader header) {
    String expected = header.metadata().get(KEY);
    if (expected == null) {
      return true;
    }
    byte[] bytes = new byte[(int) header.dataStart() - 8];
    MemorySegment.copy(all, 8, MemorySegment.ofArray(bytes), 0, bytes.length);
    int at = digitsAt(bytes);
    if (expected.length() != ZEROS.length() || at < 0 || at + ZEROS.length() > bytes.length) {
      return false;
    }
    System.arraycopy(ZEROS.getBytes(StandardCharsets.US_ASCII), 0, bytes, at, ZEROS.length());
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    update(crc, all.asSlice(header.dataStart()));
    return expected.equals(new String(digits(crc), StandardCharsets.US_ASCII));
  }

  private static void update(CRC32C crc, MemorySegment data) {
    for (ByteBuffer chunk : Chunks.of(data)) {
      crc.update(chunk);
    }
  }

  private static byte[] digits(CRC32C crc) {
    return String.format("%08x", crc.getValue()).getBytes(StandardCharsets.US_ASCII);
  }

  /** Where the digits begin in the header's JSON, or -1. */
  private static int digitsAt(byte[] json) {
    for (int i = 0; i + ENTRY.length <= json.length; i++) {
      int k = 0;
      while (k < ENTRY.length && json[i + k] == ENTRY[k]) {
        k++;
      }
      if (k == ENTRY.length) {
        return i + k;
      }
    }
    return -1;
  }
}
