package engine.ffi;

import engine.base.CacheFolders;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Unpacks shared libraries that lie in the jar, once per machine, into a cache folder named after
 * their checksum.
 *
 * <p>The cache is the first writable of: {@code ENGINE_CACHE}, {@code XDG_CACHE_HOME/engine},
 * {@code ~/.cache/engine}, and a folder under {@code java.io.tmpdir}.
 */
public final class NativeLibraries {
  private NativeLibraries() {}

  /**
   * The folder that holds {@code files} of the resource folder, unpacked side by side.
   *
   * @throws UncheckedNativeException if a resource is missing or no folder can hold it; the message
   *     says what to do
   */
  public static Path unpack(String resourceFolder, String... files) {
    List<Entry> entries = new ArrayList<>();
    long bytes = 0;
    long key = 1125899906842597L;
    for (String f : files) {
      Entry e = entry(resourceFolder, f);
      entries.add(e);
      bytes += e.size;
      key = (key * 31 + e.crc) * 31 + e.size;
    }
    String folderName = files[0].replaceAll("\\.so.*", "") + "-" + Long.toHexString(key);
    List<String> refused = new ArrayList<>();
    for (Path cache : CacheFolders.candidates()) {
      Path folder = cache.resolve(folderName);
      try {
        for (Entry e : entries) {
          place(e, folder.resolve(e.name));
        }
        return folder;
      } catch (IOException x) {
        refused.add(cache + " (" + reason(x, cache, bytes) + ")");
      }
    }
    throw new UncheckedNativeException(
        "no folder can hold the native libraries ("
            + (bytes >> 20)
            + " MiB): tried "
            + String.join(", ", refused)
            + "; set ENGINE_CACHE to a writable folder with room");
  }

  /** Loads a library for the life of the process. */
  public static SymbolLookup open(Path library) {
    try {
      return SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new UncheckedNativeException(
          library
              + " cannot be loaded: "
              + e.getMessage()
              + "; the folder may be mounted noexec: set ENGINE_CACHE to another one");
    }
  }

  private record Entry(String name, URL url, long crc, long size) {}

  private static Entry entry(String folder, String name) {
    URL url = NativeLibraries.class.getResource("/" + folder + "/" + name);
    if (url == null) {
      throw new UncheckedNativeException(
          "the jar holds no " + name + ": build it again with ./engine or mvn package");
    }
    try {
      URLConnection c = url.openConnection();
      if (c instanceof JarURLConnection j) {
        return new Entry(name, url, j.getJarEntry().getCrc(), j.getJarEntry().getSize());
      }
      return new Entry(name, url, c.getLastModified(), c.getContentLengthLong());
    } catch (IOException e) {
      throw new UncheckedNativeException("cannot read " + name + " in the jar: " + e.getMessage());
    }
  }

  private static void place(Entry e, Path target) throws IOException {
    if (Files.isRegularFile(target) && Files.size(target) == e.size) {
      return;
    }
    Files.createDirectories(target.getParent());
    Path part = Files.createTempFile(target.getParent(), e.name, ".part");
    try {
      try (InputStream in = e.url.openStream()) {
        Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      }
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String reason(IOException x, Path cache, long bytes) {
    try {
      Path p = cache;
      while (p != null && !Files.exists(p)) {
        p = p.getParent();
      }
      if (p != null) {
        if (!Files.isWritable(p)) {
          return "not writable";
        }
        FileStore store = Files.getFileStore(p);
        if (store.getUsableSpace() < bytes) {
          return "only " + (store.getUsableSpace() >> 20) + " MiB free";
        }
      }
    } catch (IOException e) {
      return e.toString();
    }
    return x.toString();
  }
}
