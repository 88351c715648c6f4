package engine.backend.cuda.libraries;

import engine.base.CacheFolders;
import engine.base.Ownership;
import engine.ffi.NativeLibraries;
import engine.ffi.UncheckedNativeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Where NVIDIA's libraries lie on this machine. Looked for in this order: the path that the user
 * gave; {@code CUDA_HOME} and the folders of the system; Python environments, in which pip puts
 * them under {@code nvidia}; the cache of the engine, where {@code bench/gpu/vendor-libs} puts
 * them; the jar of the Maven profile {@code cuda}, unpacked to the cache.
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
        "pip install nvidia-cublas, or run bench/gpu/vendor-libs",
        "libcublasLt.so.13",
        "libcublasLt.so.12"),
    CUDNN(
        "cuDNN",
        "ENGINE_CUDNN",
        "pip install nvidia-cudnn-cu13, or run bench/gpu/vendor-libs",
        "libcudnn.so.9");

    final String title;

    /** The environment variable that holds the path of the library. */
    final String variable;

    private static final List<String> OLD_CUDNN = List.of("libcudnn.so.8", "libcudnn.so.7");

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
   * @param text how it was found, or where it was looked for and what to do
   */
  public record Place(Path path, String text) {}

  /** The folder that bench/gpu/vendor-libs fills, in the engine's cache. */
  private static final Path FETCHED = Path.of("vendor", "lib");

  private static final String JAR_FOLDER = "org/bytedeco/cuda/linux-x86_64";

  private final Map<String, String> environment;
  private final Path root;

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
      throw new UncheckedNativeException("there is no " + l.title + " here: " + p.text);
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
    List<String> names = l.names(cuda);
    String given = environment.get(l.variable);
    if (given != null && !given.isBlank()) {
      Path p = Path.of(given);
      return Files.isRegularFile(p)
          ? new Place(p, "from " + l.variable)
          : new Place(null, l.variable + " names " + given + ", which is no file: correct it");
    }
    Set<Path> looked = new LinkedHashSet<>();
    for (Path folder : systemFolders()) {
      looked.add(folder);
      Path p = in(folder, names);
      if (p != null) {
        return new Place(p, "from " + folder);
      }
    }
    for (Path environmentFolder : pythonEnvironments()) {
      for (Path folder : pipFolders(environmentFolder)) {
        Path p = in(folder, names);
        if (p != null) {
          return new Place(p, "from the Python environment " + environmentFolder);
        }
      }
      looked.add(environmentFolder);
    }
    for (Path cache : CacheFolders.named(environment)) {
      Path folder = cache.resolve(FETCHED);
      Path p = in(folder, names);
      if (p != null) {
        String doubt = doubt(p);
        if (doubt == null) {
          return new Place(p, "from " + folder + ", where bench/gpu/vendor-libs put it");
        }
        return new Place(
            null,
            p
                + " may be another user's work ("
                + doubt
                + "): see to it that only you can write it, or set "
                + l.variable
                + " to a library of yours");
      }
    }
    Path unpacked = fromJar(names);
    if (unpacked != null) {
      return new Place(unpacked, "from the jar of the Maven profile cuda");
    }
    return new Place(
        null,
        tooOld(l)
            + String.join(" or ", names)
            + " was looked for in "
            + String.join(", ", looked.stream().map(Path::toString).toList())
            + "; "
            + l.advice
            + ", or set "
            + l.variable
            + " to the file");
  }

  private static String doubt(Path library) {
    try {
      return Ownership.doubt(library);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Path in(Path folder, List<String> names) {
    return names.stream()
        .map(folder::resolve)
        .filter(Files::isRegularFile)
        .findFirst()
        .orElse(null);
  }

  /** A cuDNN of the system that the engine cannot use; empty if there is none. */
  private String tooOld(Library l) {
    if (l != Library.CUDNN) {
      return "";
    }
    return systemFolders().stream()
        .map(folder -> in(folder, Library.OLD_CUDNN))
        .filter(Objects::nonNull)
        .findFirst()
        .map(p -> p + " is older than cuDNN 9, the oldest that works; ")
        .orElse("");
  }

  private List<Path> systemFolders() {
    List<Path> out = new ArrayList<>();
    for (String home : List.of("CUDA_HOME", "CUDA_PATH")) {
      String value = environment.get(home);
      if (value != null && !value.isBlank()) {
        out.add(Path.of(value, "lib64"));
        out.add(Path.of(value, "lib"));
      }
    }
    for (String folder : environment.getOrDefault("LD_LIBRARY_PATH", "").split(":")) {
      if (!folder.isBlank()) {
        out.add(Path.of(folder));
      }
    }
    for (String folder :
        List.of(
            "usr/lib/x86_64-linux-gnu",
            "usr/lib64",
            "usr/lib",
            "usr/lib/wsl/lib",
            "usr/local/cuda/lib64",
            "usr/local/cuda/compat")) {
      out.add(root.resolve(folder));
    }
    out.addAll(
        sorted(root.resolve("usr/local"), "cuda-*").stream().map(p -> p.resolve("lib64")).toList());
    return out.stream().filter(Files::isDirectory).distinct().toList();
  }

  private List<Path> pythonEnvironments() {
    List<Path> out = new ArrayList<>();
    for (String variable : List.of("VIRTUAL_ENV", "CONDA_PREFIX")) {
      String value = environment.get(variable);
      if (value != null && !value.isBlank()) {
        out.add(Path.of(value));
      }
    }
    String home = environment.get("HOME");
    if (home != null) {
      out.add(Path.of(home, ".local"));
    }
    out.add(root.resolve("usr/local"));
    return out.stream().filter(p -> Files.isDirectory(p.resolve("lib"))).toList();
  }

  /** {@code lib/python3.X/site-packages/nvidia/PACKAGE/lib} of a Python environment. */
  private static List<Path> pipFolders(Path environment) {
    List<Path> out = new ArrayList<>();
    for (Path python : sorted(environment.resolve("lib"), "python3*")) {
      for (Path packages : List.of(Path.of("site-packages"), Path.of("dist-packages"))) {
        for (Path p : sorted(python.resolve(packages).resolve("nvidia"), "*")) {
          out.add(p.resolve("lib"));
        }
      }
    }
    return out;
  }

  /** Matching entries of a folder, the highest version first; none where there is no folder. */
  private static List<Path> sorted(Path folder, String glob) {
    List<Path> out = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (var files = Files.newDirectoryStream(folder, glob)) {
        files.forEach(out::add);
      } catch (IOException e) {
        return List.of();
      }
    }
    out.sort((a, b) -> b.compareTo(a));
    return out;
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
