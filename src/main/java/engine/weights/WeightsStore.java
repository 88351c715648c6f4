package engine.weights;

import engine.base.Setting;
import engine.base.UserError;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where pretrained weights lie on this machine: a folder of the engine's own, and that of PyTorch,
 * which keeps the same files under the same names.
 */
public final class WeightsStore {
  /** Told how far a download is. */
  @FunctionalInterface
  public interface Progress {
    /**
     * @param total -1 if the server does not say
     */
    void at(long done, long total);
  }

  private final Path folder;
  private final URI mirror;

  /**
   * @param folder that downloads go to
   * @param mirror fetch files by their names from here rather than from their own URLs; or null
   */
  public WeightsStore(Path folder, URI mirror) {
    this.folder = folder;
    this.mirror = mirror;
  }

  /** The entry's file if it is on this machine; a file of a wrong hash does not count. */
  public Optional<Path> local(Catalogue.Entry e) throws IOException {
    for (Path p : List.of(target(e), torchFolder().resolve(e.file()))) {
      if (Files.isRegularFile(p) && Sha256.of(p).startsWith(e.sha256())) {
        return Optional.of(p);
      }
    }
    return Optional.empty();
  }

  /** The entry's file, fetched unless it is on this machine. */
  public Path fetch(Catalogue.Entry e, Progress progress) throws IOException {
    Optional<Path> here = local(e);
    if (here.isPresent()) {
      return here.get();
    }
    new Download(url(e), target(e), e.sha256(), (long) (e.mebibytes() * (1 << 20)), progress).run();
    return target(e);
  }

  /** Where the entry's file is downloaded to. */
  public Path target(Catalogue.Entry e) {
    return folder.resolve(e.file());
  }

  private URI url(Catalogue.Entry e) {
    URI url = e.url();
    if (mirror != null) {
      try {
        url =
            URI.create(
                mirror.toString().replaceAll("/*$", "/")
                    + e.url().getRawPath().replaceAll(".*/", ""));
      } catch (IllegalArgumentException x) {
        throw new UserError("'" + mirror + "' is not a URL: check " + Setting.MIRROR, x);
      }
      if (!Catalogue.isOfTheWeb(url)) {
        throw new UserError(
            "'" + mirror + "' is no https or http address: check " + Setting.MIRROR);
      }
    }
    if (url.getScheme().equalsIgnoreCase("http")
        && !e.isHashWhole()
        && !isThisMachine(url.getHost())) {
      throw new UserError(
          "%s could be changed on its way, and the catalogue knows only %d of 64 digits of its SHA-256: use https, or a catalogue with all of them"
              .formatted(url, e.sha256().length()));
    }
    return url;
  }

  private static boolean isThisMachine(String host) {
    return host.equals("localhost") || host.equals("[::1]") || host.matches("127(\\.\\d+){3}");
  }

  /** {@code TORCH_HOME/hub/checkpoints}, by torch.hub's rules. */
  private static Path torchFolder() {
    String home = System.getenv("TORCH_HOME");
    String cache =
        Stream.of(System.getenv("XDG_CACHE_HOME"), System.getProperty("user.home") + "/.cache")
            .filter(s -> s != null && !s.isBlank())
            .findFirst()
            .orElseThrow();
    return (home == null || home.isBlank() ? Path.of(cache, "torch") : Path.of(home))
        .resolve("hub")
        .resolve("checkpoints");
  }
}
