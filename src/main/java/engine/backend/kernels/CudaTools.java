package engine.backend.kernels;

import engine.base.Ownership;
import engine.base.PythonFolders;
import engine.base.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Finds NVIDIA's programs: on the path, in a CUDA toolkit, or where pip puts them. One that another
 * user could change is passed over.
 */
public final class CudaTools {
  private final Map<String, String> environment;
  private final Path root;

  /**
   * @param root stands for {@code /} where folders of the system are meant
   */
  public CudaTools(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  /** Those of this machine. */
  public CudaTools() {
    this(System.getenv(), Path.of("/"));
  }

  /**
   * The assembler and the disassembler.
   *
   * @throws UserError if one is missing; it says where to get it
   */
  public Assembler assembler() {
    List<String> passedOver = new ArrayList<>();
    Path ptxas = find("ptxas", passedOver);
    Path nvdisasm = find("nvdisasm", passedOver);
    List<String> missing = new ArrayList<>();
    if (ptxas == null) {
      missing.add("ptxas (pip install nvidia-cuda-nvcc)");
    }
    if (nvdisasm == null) {
      missing.add("nvdisasm (pip install nvidia-cuda-nvdisasm)");
    }
    if (!missing.isEmpty()) {
      throw new UserError(
          "machine code needs NVIDIA's %s, and a CUDA toolkit has both: put its folder on the PATH%s"
              .formatted(
                  String.join(" and ", missing),
                  passedOver.isEmpty() ? "" : "; passed over: " + String.join(", ", passedOver)));
    }
    return new Assembler(ptxas, nvdisasm);
  }

  private Path find(String name, List<String> passedOver) {
    for (Path folder : folders()) {
      Path p = folder.resolve(name);
      if (Files.isRegularFile(p) && Files.isExecutable(p)) {
        String doubt = doubt(p);
        if (doubt == null) {
          return p;
        }
        passedOver.add("%s (%s)".formatted(p, doubt));
      }
    }
    return null;
  }

  private List<Path> folders() {
    List<Path> out = new ArrayList<>();
    for (String p : environment.getOrDefault("PATH", "").split(":")) {
      if (p.startsWith("/")) {
        out.add(Path.of(p));
      }
    }
    for (String variable : List.of("CUDA_HOME", "CUDA_PATH")) {
      String home = environment.get(variable);
      if (home != null && home.startsWith("/")) {
        out.add(Path.of(home, "bin"));
      }
    }
    for (PythonFolders.Prefix p : new PythonFolders(environment, root).prefixes()) {
      out.add(p.prefix().resolve("bin")); // conda's
      for (Path packages : PythonFolders.packages(p.prefix())) {
        for (Path nvidia : PythonFolders.newestFirst(packages.resolve("nvidia"), "*")) {
          out.add(nvidia.resolve("bin"));
        }
      }
    }
    out.add(root.resolve("usr/local/cuda/bin"));
    for (Path toolkit : PythonFolders.newestFirst(root.resolve("usr/local"), "cuda-*")) {
      out.add(toolkit.resolve("bin"));
    }
    return out;
  }

  private static String doubt(Path p) {
    try {
      return Ownership.doubt(p);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
