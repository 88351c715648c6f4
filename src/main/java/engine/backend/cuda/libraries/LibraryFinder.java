package engine.backend.cuda.libraries;

import engine.base.CacheFolders;
import engine.ffi.NativeLibraries;
import engine.ffi.UncheckedNativeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Where NVIDIA's libraries lie on this machine: at the path that the user gave, else in the first
 * of {@link SearchPlaces} and the loader's cache that has one which can be used; behind them, what
 * {@code bench/gpu/vendor-libs} fetched, and the jar of the Maven profile {@code cuda}. A library
 * is code: one that another user could change is passed over, and so is a cuDNN with a part
 * missing. What was passed over is said.
 */
public final class LibraryFinder {
  /** A library with its names from the newest to the oldest that the engine can use. */
  public enum Library {
    DRIVER(
        "CUDA driver",
        "ENGINE_CUDA_DRIVER",
        "install the NVIDIA driver, " + DriverVersions.OLDEST + " or later",
        "libcuda.so.1"),
    NVRTC(
        "NVRTC",
        "ENGINE_NVRTC",
        "it is needed only to compile kernels again: pip install nvidia-cuda-nvrtc",
        "libnvrtc.so.13",
        "libnvrtc.so.12"),
    CUBLASLT(
        "cuBLASLt",
        "ENGINE_CUBLASLT",
        "pip install nvidia-cublas (nvidia-cublas-cu12 for a driver before 580), or run bench/gpu/vendor-libs",
        "libcublasLt.so.13",
        "libcublasLt.so.12"),
    CUDNN(
        "cuDNN",
        "ENGINE_CUDNN",
        "pip install nvidia-cudnn-cu13 (nvidia-cudnn-cu12 for a driver before 580), or run bench/gpu/vendor-libs",
        "libcudnn.so.9");

    final String title;

    /** The environment variable that holds the path of the library. */
    final String variable;

    private final String advice;
    private final List<String> names;

    Library(String title, String variable, String advice, String... names) {
      this.title = title;
      this.variable = variable;
      this.advice = advice;
      this.names = List.of(names);
    }

    /**
     * Its names in the libraries of one CUDA.
     *
     * @param cuda major version; 0 for any
     */
    private List<String> names(int cuda) {
      return names.stream().filter(n -> cuda == 0 || n.endsWith("." + cuda)).toList();
    }
  }

  /**
   * The outcome of a search.
   *
   * @param path null if it was not found
   * @param text how it was found, or what to do
   * @param looked the folders that were looked through
   * @param passedOver files that were not taken, each with the reason in brackets
   */
  public record Place(Path path, String text, List<Path> looked, List<String> passedOver) {
    /** Where it was looked for, and what to do, in one sentence; what was passed over, too. */
    public String missing() {
      return text
          + (looked.isEmpty() ? "" : "; it was looked for in " + list(looked))
          + (passedOver.isEmpty() ? "" : "; passed over: " + String.join(", ", passedOver));
    }

    private static String list(List<Path> folders) {
      return folders.stream().map(Path::toString).collect(Collectors.joining(", "));
    }
  }

  private static final List<String> OLD_CUDNN = List.of("libcudnn.so.8", "libcudnn.so.7");

  /** The folder that bench/gpu/vendor-libs fills, in the engine's cache. */
  private static final Path FETCHED = Path.of("vendor", "lib");

  private static final String JAR_FOLDER = "org/bytedeco/cuda/linux-x86_64";

  private final Map<String, String> environment;
  private final Path root;
  private final SearchPlaces places;
  private final LibraryFile file;

  /** For this process. */
  public LibraryFinder() {
    this(System.getenv(), Path.of("/"));
  }

  /**
   * @param root stands for {@code /} where folders of the system are meant
   */
  public LibraryFinder(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
    String architecture = System.getProperty("os.arch");
    places = new SearchPlaces(environment, root, architecture);
    file = new LibraryFile(architecture);
  }

  /**
   * The library's file.
   *
   * @throws UncheckedNativeException if there is none; the message says what to do
   */
  public Path require(Library l) {
    return require(l, 0);
  }

  /**
   * The library's file, of one CUDA.
   *
   * @param cuda major version; 0 for any
   * @throws UncheckedNativeException if there is none; the message says what to do
   */
  public Path require(Library l, int cuda) {
    Place p = find(l, cuda);
    if (p.path == null) {
      throw new UncheckedNativeException("there is no " + l.title + " here: " + p.missing());
    }
    return p.path;
  }

  /** Looks for a library; a path that the user gave is the only place then. */
  public Place find(Library l) {
    return find(l, 0);
  }

  /**
   * Looks for a library of one CUDA.
   *
   * @param cuda major version; 0 for any
   */
  public Place find(Library l, int cuda) {
    String given = environment.get(l.variable);
    if (given != null && !given.isBlank()) {
      return given(l, Path.of(given));
    }
    List<String> names = l.names(cuda);
    Set<String> passedOver = new LinkedHashSet<>();
    Set<Path> looked = new LinkedHashSet<>();
    for (Candidate c : candidates(names, l != Library.DRIVER, looked)) {
      Path whole = l == Library.CUDNN ? CudnnParts.besideItsParts(c.path) : c.path;
      String refusal = file.refusal(whole);
      if (refusal == null && l == Library.CUDNN) {
        refusal = CudnnParts.incomplete(whole);
      }
      if (refusal == null) {
        return new Place(whole, "from " + c.origin, List.copyOf(looked), List.copyOf(passedOver));
      }
      passedOver.add("%s (%s)".formatted(c.path, refusal));
    }
    Path unpacked = fromJar(names);
    if (unpacked != null) {
      return new Place(
          unpacked,
          "from the jar of the Maven profile cuda",
          List.copyOf(looked),
          List.copyOf(passedOver));
    }
    if (l == Library.CUDNN) {
      for (Candidate old : candidates(OLD_CUDNN, true, looked)) {
        passedOver.add(old.path + " (older than cuDNN 9, the oldest that works)");
      }
    }
    String text =
        "%s: %s, or set %s to the file".formatted(String.join(" or ", names), l.advice, l.variable);
    return new Place(null, text, List.copyOf(looked), List.copyOf(passedOver));
  }

  private static Place given(Library l, Path p) {
    String wrong =
        !Files.isRegularFile(p)
            ? "no file: correct it"
            : l == Library.CUDNN ? CudnnParts.incomplete(p) : null;
    return wrong == null
        ? new Place(p, "from " + l.variable, List.of(), List.of())
        : new Place(
            null, "%s names %s, which is %s".formatted(l.variable, p, wrong), List.of(), List.of());
  }

  /** A file of the right name. */
  private record Candidate(Path path, String origin) {}

  /** All of them, best first; a folder's newest name comes first. */
  private List<Candidate> candidates(List<String> names, boolean packages, Set<Path> looked) {
    List<Candidate> out = new ArrayList<>();
    places.named().forEach(f -> add(f, names, looked, out));
    for (String name : names) {
      for (Path p : LoaderCache.find(root, name)) {
        if (Files.isRegularFile(p)) {
          out.add(new Candidate(p, "the loader's cache"));
        }
      }
    }
    places.usual(packages).forEach(f -> add(f, names, looked, out));
    for (Path cache : CacheFolders.named(environment)) {
      String origin = "the engine's cache, where bench/gpu/vendor-libs put it";
      add(new SearchPlaces.Folder(cache.resolve(FETCHED), origin), names, looked, out);
    }
    return out;
  }

  private static void add(
      SearchPlaces.Folder f, List<String> names, Set<Path> looked, List<Candidate> out) {
    if (Files.isDirectory(f.path())) {
      looked.add(f.path());
    }
    for (String name : names) {
      Path p = f.path().resolve(name);
      if (Files.isRegularFile(p) && out.stream().noneMatch(c -> c.path.equals(p))) {
        out.add(new Candidate(p, f.origin()));
      }
    }
  }

  /**
   * NVRTC of the version that the Maven profile {@code cuda} names, whatever else is installed:
   * what is committed is compared with what this one makes.
   *
   * @throws UncheckedNativeException without the profile
   */
  public static Path pinnedNvrtc() {
    Path library = fromJar(Library.NVRTC.names);
    if (library == null) {
      throw new UncheckedNativeException(
          "the NVRTC of this build is in the jar of the Maven profile cuda: add -Pcuda");
    }
    return library;
  }

  /** NVRTC is the only library that the jar of the profile brings. */
  private static Path fromJar(List<String> names) {
    if (!names.contains("libnvrtc.so.12")
        || LibraryFinder.class.getResource("/" + JAR_FOLDER + "/libnvrtc.so.12") == null) {
      return null;
    }
    return NativeLibraries.unpack(JAR_FOLDER, "libnvrtc.so.12", "libnvrtc-builtins.so.12.9")
        .resolve("libnvrtc.so.12");
  }
}
