package engine.train;

import engine.base.UserError;
import engine.ffi.NativeLibraries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where generated data lives. */
final class CacheFolder {
  private CacheFolder() {}

  /** The first of the cache folders that can be written. */
  static Path find() {
    for (Path p : NativeLibraries.cacheFolders()) {
      try {
        Files.createDirectories(p);
        if (Files.isWritable(p)) {
          return p;
        }
      } catch (IOException e) {
        // the next one
      }
    }
    throw new UserError("no cache folder can be written: set ENGINE_CACHE to one");
  }
}
