package engine.backend.cuda.driver;

import engine.base.Setting;
import engine.ffi.CudaDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Why CUDA shows this process fewer GPUs than the machine has: {@code CUDA_VISIBLE_DEVICES}, MIG, a
 * container ("CUDA C++ Programming Guide", "CUDA Environment Variables").
 */
public final class VisibleDevices {
  private static final String VARIABLE = "CUDA_VISIBLE_DEVICES";
  private static final String LIST = "nvidia-smi -L lists what is here";

  private final Map<String, String> environment;
  private final Path root;

  /** For this process. */
  public VisibleDevices() {
    this(System.getenv(), Path.of("/"));
  }

  /**
   * @param root stands for {@code /} where the driver's files are meant
   */
  public VisibleDevices(Map<String, String> environment, Path root) {
    this.environment = environment;
    this.root = root;
  }

  /**
   * Whether {@code cuInit} means by this that it has no GPU to show; a list that it cannot read it
   * calls an invalid device.
   */
  public boolean isNone(int status) {
    return status == CudaDriver.CUDA_ERROR_NO_DEVICE
        || status == CudaDriver.CUDA_ERROR_INVALID_DEVICE && environment.get(VARIABLE) != null;
  }

  /** Why there is none, and what to do: one sentence. */
  public String none() {
    int installed = installed();
    String listed = environment.get(VARIABLE);
    if (listed != null) {
      return hidden(listed, installed);
    }
    if (installed == 0) {
      return "the NVIDIA driver sees no GPU: check nvidia-smi; a container must be given the GPU (docker run --gpus all)";
    }
    return "this machine has %s, and the driver shows this process none: give a container the GPU (docker run --gpus all); in MIG mode make a slice (nvidia-smi mig -cgi 0 -C) or leave that mode (nvidia-smi -mig 0)"
        .formatted(gpus(installed));
  }

  /**
   * Why there is no GPU of a number, and what to do: one sentence.
   *
   * @param shown how many CUDA shows
   * @param name of the first of them
   */
  String noSuch(int index, int shown, String name) {
    String listed = environment.get(VARIABLE);
    String why =
        name.contains(" MIG ")
            ? "; CUDA shows a process one MIG slice, which " + VARIABLE + "=MIG-… chooses: " + LIST
            : listed == null
                ? "; choose another with " + Setting.DEVICE + " cuda:N"
                : "; choose another with %s cuda:N, or change %s, which is '%s'"
                    .formatted(Setting.DEVICE, VARIABLE, listed);
    return "there is no GPU %d: CUDA shows %d, numbered from 0%s".formatted(index, shown, why);
  }

  private String hidden(String listed, int installed) {
    String unset = ": unset it, or set it to the number of a GPU, such as 0";
    if (listed.isBlank()) {
      return VARIABLE + " is empty, which hides every GPU" + unset;
    }
    Set<String> seen = new HashSet<>();
    for (String entry : listed.split(",", -1)) {
      String e = entry.strip();
      if (e.matches("-\\d+") || e.equalsIgnoreCase("NoDevFiles") || e.equalsIgnoreCase("none")) {
        return "%s is '%s', which hides every GPU%s".formatted(VARIABLE, listed, unset);
      }
      if (!seen.add(e)) {
        return "%s is '%s', which names %s twice, and CUDA then shows none: name each once"
            .formatted(VARIABLE, listed, e);
      }
      if (e.matches("\\d{1,9}")) {
        if (installed > 0 && Integer.parseInt(e) >= installed) {
          return "%s is '%s', and this machine has %s, numbered from 0: %s"
              .formatted(VARIABLE, listed, gpus(installed), LIST);
        }
      } else if (e.startsWith("GPU-") || e.startsWith("MIG-")) {
        String kind = e.startsWith("GPU-") ? "GPU" : "MIG slice";
        return "%s is '%s', and there is no such %s, or it may not be used: %s"
            .formatted(VARIABLE, listed, kind, LIST);
      } else {
        return "%s is '%s', and '%s' is neither the number nor the UUID of a GPU: %s"
            .formatted(VARIABLE, listed, e, LIST);
      }
    }
    return "%s is '%s', and none of these is here: %s".formatted(VARIABLE, listed, LIST);
  }

  private static String gpus(int n) {
    return n == 1 ? "1 GPU" : n + " GPUs";
  }

  /** GPUs that the driver's module has found, whatever this process may see; 0 if it has none. */
  private int installed() {
    Path gpus = root.resolve("proc/driver/nvidia/gpus");
    try (Stream<Path> entries = Files.list(gpus)) {
      return (int) entries.count();
    } catch (IOException e) {
      return 0;
    }
  }
}
