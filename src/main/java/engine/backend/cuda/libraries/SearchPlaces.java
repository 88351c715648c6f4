package engine.backend.cuda.libraries;

import engine.base.PythonFolders;
import engine.base.PythonFolders.Prefix;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The folders where people have NVIDIA's libraries, in the order in which they are looked through:
 * what a variable of CUDA names; what the loader searches; Python's environments; where drivers,
 * toolkits, containers and Jetson's system put them.
 */
final class SearchPlaces {
  /**
   * A folder to look into.
   *
   * @param origin words to follow "from"
   */
  record Folder(Path path, String origin) {}

  private final Map<String, String> environment;
  private final Path root;
  private final String architecture;

  /**
   * @param root stands for {@code /} where folders of the system are meant
   * @param architecture of the machine, as {@code os.arch} has it
   */
  SearchPlaces(Map<String, String> environment, Path root, String architecture) {
    this.environment = environment;
    this.root = root;
    this.architecture = architecture;
  }

  /** Before the loader's cache. */
  List<Folder> named() {
    List<Folder> out = new ArrayList<>();
    for (String home : List.of("CUDA_HOME", "CUDA_PATH")) {
      for (Path toolkit : paths(home)) {
        toolkit(toolkit, home, out);
      }
    }
    paths("LD_LIBRARY_PATH").forEach(p -> out.add(new Folder(p, "LD_LIBRARY_PATH")));
    return here(out);
  }

  /**
   * Behind the loader's cache.
   *
   * @param packages whether a library of this kind comes in Python's and conda's packages
   */
  List<Folder> usual(boolean packages) {
    List<Folder> out = new ArrayList<>();
    for (String folder :
        List.of("lib64", "usr/lib64", "lib/" + triplet(), "usr/lib/" + triplet())) {
      system(folder, out);
    }
    if (packages) {
      packages(out);
    }
    system("usr/local/nvidia/lib64", out);
    system("usr/local/nvidia/lib", out);
    toolkit(root.resolve("usr/local/cuda"), "usr/local/cuda", out);
    for (Path versioned : PythonFolders.newestFirst(root.resolve("usr/local"), "cuda-*")) {
      toolkit(versioned, versioned.getFileName().toString(), out);
    }
    for (String folder :
        List.of(
            "usr/lib/" + triplet() + "/nvidia",
            "usr/lib/" + triplet() + "/nvidia/current",
            "usr/lib/" + triplet() + "/tegra",
            "usr/lib/" + triplet() + "/libcudnn/9",
            "usr/lib/" + triplet() + "/libcudnn/9/13",
            "usr/lib/" + triplet() + "/libcudnn/9/12",
            "usr/lib/wsl/lib",
            "run/opengl-driver/lib",
            "usr/lib",
            "usr/local/lib",
            "usr/local/cuda/compat")) {
      system(folder, out);
    }
    return here(out);
  }

  private void packages(List<Folder> out) {
    for (Prefix p : new PythonFolders(environment, root).prefixes()) {
      for (Path packages : PythonFolders.packages(p.prefix())) {
        for (Path nvidia : PythonFolders.newestFirst(packages.resolve("nvidia"), "*")) {
          out.add(new Folder(nvidia.resolve("lib"), p.origin()));
        }
      }
      if (Files.isDirectory(p.prefix().resolve("conda-meta"))) {
        conda(p.prefix(), p.origin(), out);
      }
    }
    paths("CONDA_PREFIX").forEach(p -> conda(p, "CONDA_PREFIX", out));
  }

  private void system(String folder, List<Folder> out) {
    out.add(new Folder(root.resolve(folder), "the system"));
  }

  /** Conda's packages put libraries beside Python's. */
  private void conda(Path prefix, String origin, List<Folder> out) {
    out.add(new Folder(prefix.resolve("lib"), origin));
    out.add(new Folder(prefix.resolve("targets/" + target() + "/lib"), origin));
  }

  private void toolkit(Path toolkit, String origin, List<Folder> out) {
    for (String lib : List.of("lib64", "lib", "targets/" + target() + "/lib")) {
      out.add(new Folder(toolkit.resolve(lib), origin));
    }
  }

  /** Debian's name for this machine's folders. */
  private String triplet() {
    return (isArm() ? "aarch64" : "x86_64") + "-linux-gnu";
  }

  /** CUDA's name for them. */
  private String target() {
    return isArm() ? "sbsa-linux" : "x86_64-linux";
  }

  private boolean isArm() {
    return architecture.equals("aarch64") || architecture.equals("arm64");
  }

  /** Folders that a variable lists; what is no absolute path is left out, as anybody's would be. */
  private List<Path> paths(String variable) {
    List<Path> out = new ArrayList<>();
    for (String p : environment.getOrDefault(variable, "").split("[:;]")) {
      if (p.startsWith("/")) {
        try {
          out.add(Path.of(p));
        } catch (InvalidPathException e) {
          // no folder has this name
        }
      }
    }
    return out;
  }

  private static List<Folder> here(List<Folder> all) {
    Set<Path> seen = new LinkedHashSet<>();
    return all.stream().filter(f -> Files.isDirectory(f.path()) && seen.add(f.path())).toList();
  }
}
