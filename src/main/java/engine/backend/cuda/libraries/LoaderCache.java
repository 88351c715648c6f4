package engine.backend.cuda.libraries;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the system's loader would open for a name, read from {@code /etc/ld.so.cache} as {@code
 * ldconfig} wrote it (glibc, {@code dl-cache.h}). Asking the loader itself would run the library's
 * code before anybody has looked at who could have written it.
 */
final class LoaderCache {
  private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 48;
  private static final int ENTRY = 24;
  private static final int LARGEST = 64 << 20;

  private LoaderCache() {}

  /**
   * The files that the cache has for a name, in its order; none where there is no cache that can be
   * read.
   */
  static List<Path> find(Path root, String name) {
    byte[] file;
    try {
      Path cache = root.resolve("etc/ld.so.cache");
      if (!Files.isRegularFile(cache) || Files.size(cache) > LARGEST) {
        return List.of();
      }
      file = Files.readAllBytes(cache);
    } catch (IOException e) {
      return List.of();
    }
    int start = start(file);
    if (start < 0) {
      return List.of();
    }
    ByteBuffer table =
        ByteBuffer.wrap(file, start, file.length - start).slice().order(ByteOrder.nativeOrder());
    List<Path> out = new ArrayList<>();
    int entries = table.getInt(MAGIC.length);
    for (int i = 0; i < entries && HEADER + (i + 1) * (long) ENTRY <= table.limit(); i++) {
      int at = HEADER + i * ENTRY;
      if (name.equals(text(table, table.getInt(at + 4)))) {
        String path = text(table, table.getInt(at + 8));
        if (path.startsWith("/")) {
          out.add(root.resolve(path.substring(1)));
        }
      }
    }
    return out;
  }

  /** Where the table begins: old systems have one of an older form before it. */
  private static int start(byte[] file) {
    for (int i = 0; i + HEADER <= file.length; i += 4) {
      if (file[i] == MAGIC[0] && Arrays.equals(file, i, i + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        return i;
      }
    }
    return -1;
  }

  private static String text(ByteBuffer table, int offset) {
    if (offset < 0 || offset >= table.limit()) {
      return "";
    }
    int end = offset;
    while (end < table.limit() && table.get(end) != 0) {
      end++;
    }
    return StandardCharsets.UTF_8.decode(table.slice(offset, end - offset)).toString();
  }
}
