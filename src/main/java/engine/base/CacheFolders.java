package engine.base;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where unpacked libraries, fetched weights and generated data may live.
 *
 * <p>A folder that {@code ENGINE_CACHE} names may be shared with other users: pictures that were
 * made or decoded are kept there all the same. What is loaded as code, or trusted as weights, is
 * kept only where nobody else can change it: see {@link #own}.
 */
public final class CacheFolders {
  private CacheFolders() {}

  /**
   * The folders to try, in order: {@code ENGINE_CACHE}, {@code XDG_CACHE_HOME/engine}, {@code
   * ~/.cache/engine}, and one under {@code java.io.tmpdir}, which carries the number of the user:
   * not every user has a name.
   */
  public static List<Path> candidates() {
    List<Path> out = new ArrayList<>(named(System.getenv()));
    String home = System.getProperty("user.home");
    boolean said = isHome(System.getenv("HOME")) && !isBehindSudo(System.getenv());
    if (!said && isHome(home) && !Path.of(home).equals(temporary())) {
      out.add(Path.of(home, ".cache", "engine"));
    }
    out.add(temporary());
    return out;
  }

  /** The last of the candidates, which is gone some day. */
  public static Path temporary() {
    return Path.of(System.getProperty("java.io.tmpdir"), "engine-" + Ownership.user());
  }

  /**
   * Gives a home to a user for whom the system knows none. Java says "?" then, and its own parts
   * would make a folder of that name wherever the command runs.
   */
  public static void giveHome() {
    if (isHome(System.getProperty("user.home"))) {
      return;
    }
    String home = System.getenv("HOME");
    if (!isHome(home)) {
      try {
        home = PrivateFolder.make(temporary()).toString();
      } catch (IOException e) {
        home = "/nonexistent"; // as systems call the home of nobody
      }
    }
    System.setProperty("user.home", home);
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
    if (isHome(environment.get("HOME")) && !isBehindSudo(environment)) {
      out.add(Path.of(environment.get("HOME"), ".cache", "engine"));
    }
    return out;
  }

  /**
   * Whether {@code HOME} is that of the user who has typed {@code sudo}, which leaves it as it was
   * in some systems: in what root makes there, its owner could not write.
   */
  private static boolean isBehindSudo(Map<String, String> environment) {
    String user = environment.getOrDefault("SUDO_UID", "0");
    if (Ownership.user() != 0 || user.equals("0")) {
      return false;
    }
    try {
      Object owner = Files.getAttribute(Path.of(environment.get("HOME")), "unix:uid");
      return user.equals(String.valueOf(owner));
    } catch (IOException e) {
      return false; // there is nothing that could become root's
    }
  }

  /** The system says "?" for a user without an entry. */
  private static boolean isHome(String folder) {
    return folder != null && folder.startsWith("/");
  }

  /**
   * The first of them that can be written; other users may be able to change it.
   *
   * @throws UserError if there is none
   */
  public static Path writable() {
    List<String> refused = new ArrayList<>();
    for (Path p : candidates()) {
      try {
        if (p.equals(temporary())) {
          return PrivateFolder.make(p); // its name can be guessed, and anybody could make it
        }
        Files.createDirectories(p);
        if (Files.isWritable(p)) {
          return p;
        }
        refused.add(p + " (not writable)");
      } catch (IOException e) {
        refused.add("%s (%s)".formatted(p, reason(e)));
      }
    }
    throw none("no cache folder can be written", refused);
  }

  /**
   * The folder {@code child} in the first of them where it is there or can be made, and where no
   * other user can change what is in it.
   *
   * @throws UserError if there is none
   */
  public static Path own(String child) {
    List<String> refused = new ArrayList<>();
    for (Path p : candidates()) {
      try {
        Path folder = PrivateFolder.make(p.resolve(child));
        if (Files.isWritable(folder)) {
          return folder;
        }
        refused.add(folder + " (not writable)");
      } catch (IOException e) {
        refused.add("%s (%s)".formatted(p, reason(e)));
      }
    }
    throw none("no cache folder is this user's alone", refused);
  }

  /**
   * The file {@code child} in the first of them that has it; those behind the first that can be
   * written do not count.
   *
   * @throws UserError if another user could have written it
   */
  public static Optional<Path> find(String child) {
    for (Path p : candidates()) {
      Path file = p.resolve(child);
      if (!Files.isRegularFile(file)) {
        if (Files.isWritable(p)) {
          break;
        }
        continue;
      }
      try {
        String doubt = Ownership.doubt(file);
        if (doubt == null) {
          return Optional.of(file);
        }
        // Anybody could make the last one to be a nuisance.
        if (!p.equals(temporary())) {
          throw new UserError(
              "%s may be another user's work (%s): see to it that only you can write it, or set ENGINE_CACHE to a folder of yours"
                  .formatted(file, doubt));
        }
      } catch (IOException e) {
        throw new UserError("%s cannot be read: %s".formatted(file, reason(e)), e);
      }
    }
    return Optional.empty();
  }

  private static UserError none(String what, List<String> refused) {
    return new UserError(
        "%s: tried %s; set ENGINE_CACHE to a folder of yours"
            .formatted(what, String.join(", ", refused)));
  }

  /** Why a folder cannot be used, in a few words. */
  public static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "not writable";
      case FileAlreadyExistsException _ -> "a file is in the way";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> e.toString();
    };
  }
}
