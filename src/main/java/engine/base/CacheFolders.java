package engine.base;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where unpacked libraries and generated data may live. */
public final class CacheFolders {
  private CacheFolders() {}

  /**
   * The folders to try, in order: {@code ENGINE_CACHE}, {@code XDG_CACHE_HOME/engine}, {@code
   * ~/.cache/engine}, and one under {@code java.io.tmpdir}.
   */
  public static List<Path> candidates() {
    List<Path> out = new ArrayList<>(named(System.getenv()));
    if (!isHome(System.getenv("HOME")) && isHome(System.getProperty("user.home"))) {
      out.add(Path.of(System.getProperty("user.home"), ".cache", "engine"));
    }
    out.add(
        Path.of(System.getProperty("java.io.tmpdir"), "engine-" + System.getProperty("user.name")));
    return out;
  }

  /** Those that the variables of {@code environment} name, in the order of {@link #candidates}. */
  public static List<Path> named(Map<String, String> environment) {
    List<Path> out = new ArrayList<>();
    String own = environment.get("ENGINE_CACHE");
    if (own != null && !own.isBlank()) {
      out.add(Path.of(own));
    }
    String xdg = environment.get("XDG_CACHE_HOME");
    if (xdg != null && !xdg.isBlank()) {
      out.add(Path.of(xdg, "engine"));
    }
    if (isHome(environment.get("HOME"))) {
      out.add(Path.of(environment.get("HOME"), ".cache", "engine"));
    }
    return out;
  }

  /** The system says "?" for a user without an entry. */
  private static boolean isHome(String folder) {
    return folder != null && folder.startsWith("/");
  }

  /**
   * The first of them that can be written.
   *
   * @throws UserError if there is none
   */
  public static Path writable() {
    for (Path p : candidates()) {
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
