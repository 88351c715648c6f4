package engine.cli.doctor;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Which devices there are to compute on, and why one is missing. */
final class DeviceFindings {
  private static final String DRIVER = "libcuda.so.1";

  private DeviceFindings() {}

  static List<Finding> all(int threads) {
    List<Finding> out = new ArrayList<>();
    boolean cuda = false;
    for (DeviceProvider p : Devices.all()) {
      cuda |= p.name().equals("cuda");
      out.add(device(p, threads));
    }
    if (!cuda) {
      out.add(cudaDriver(driverFolders()));
    }
    return out;
  }

  private static Finding device(DeviceProvider p, int threads) {
    String topic = "device " + p.name();
    String whyNot = p.whyNot();
    if (whyNot != null) {
      return Finding.missing(topic, "not here", whyNot);
    }
    try (Backend device = p.open(0, threads)) {
      return Finding.ok(topic, device.describe());
    } catch (RuntimeException | LinkageError e) {
      return Finding.missing(topic, "does not open", String.valueOf(e.getMessage()));
    }
  }

  /** For a build without a CUDA device: is there a GPU that it leaves unused? */
  static Finding cudaDriver(List<Path> folders) {
    for (Path folder : folders) {
      Path library = folder.resolve(DRIVER);
      if (Files.exists(library)) {
        return Finding.missing(
            "device cuda", "driver at " + library, "this build computes on the CPU only");
      }
    }
    String looked = String.join(", ", folders.stream().map(Path::toString).toList());
    return Finding.missing(
        "device cuda",
        "no NVIDIA driver",
        DRIVER + " was looked for in " + looked + "; the CPU device is used");
  }

  private static List<Path> driverFolders() {
    String path = System.getenv("LD_LIBRARY_PATH");
    return Stream.concat(
            Stream.of((path == null ? "" : path).split(":")).filter(s -> !s.isBlank()),
            Stream.of(
                "/usr/lib/x86_64-linux-gnu",
                "/usr/lib64",
                "/usr/lib",
                "/usr/local/cuda/compat",
                "/usr/lib/wsl/lib"))
        .map(Path::of)
        .filter(Files::isDirectory)
        .distinct()
        .toList();
  }
}
