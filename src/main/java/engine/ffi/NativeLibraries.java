package engine.ffi;

import engine.base.CacheFolders;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Unpacks shared libraries that lie in the jar, once per machine and user, into a cache folder
 * named after their checksum.
 *
 * <p>The cache is the first that works of: {@code ENGINE_CACHE}, {@code XDG_CACHE_HOME/engine},
 * {@code ~/.cache/engine}, and a folder under {@code java.io.tmpdir}. A library is code that runs
 * as this user: {@link UnpackedLibraries} says how it is made sure that it is the jar's.
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
    return unpack(CacheFolders.candidates(), resourceFolder, files);
  }

  static Path unpack(List<Path> caches, String resourceFolder, String... files) {
    List<PackedLibrary> packed = new ArrayList<>();
    long bytes = 0;
    long key = 1125899906842597L;
    for (String f : files) {
      PackedLibrary e = PackedLibrary.find(resourceFolder, f);
      packed.add(e);
      bytes += e.size();
      key = (key * 31 + e.crc()) * 31 + e.size();
    }
    String folderName = files[0].replaceAll("\\.so.*", "") + "-" + Long.toHexString(key);
    List<String> refused = new ArrayList<>();
    for (Path cache : caches) {
      try {
        return UnpackedLibraries.in(cache.resolve(folderName), packed);
      } catch (IOException x) {
        refused.add(cache + " (" + reason(x, cache, bytes) + ")");
      }
    }
    throw new UncheckedNativeException(
        "no folder can hold the native libraries ("
            + (bytes >> 20)
            + " MiB): tried "
            + String.join(", ", refused)
            + "; set ENGINE_CACHE to a folder of yours with room");
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
              + "; the file may be damaged, or its folder mounted noexec (ENGINE_CACHE names another one for the engine's own)");
    }
  }

  private static String reason(IOException x, Path cache, long bytes) {
    String reason = CacheFolders.reason(x);
    if (!reason.equals(x.toString())) {
      return reason;
    }
    try {
      Path p = cache;
      while (p != null && !Files.exists(p)) {
        p = p.getParent();
      }
      if (p != null) {
        FileStore store = Files.getFileStore(p);
        if (store.getUsableSpace() < bytes) {
          return "only " + (store.getUsableSpace() >> 20) + " MiB free";
        }
      }
    } catch (IOException e) {
      return e.toString();
    }
    return reason;
  }
}
