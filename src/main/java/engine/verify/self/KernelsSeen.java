package engine.verify.self;

import engine.backend.Backend;
import engine.backend.HalfPrecision;
import engine.backend.UnsupportedOnDeviceException;
import engine.backend.kernels.KernelSources;
import engine.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Which kernels the checks launched, and whether those are all that ops launch. */
final class KernelsSeen implements Check {
  /** Families that no op launches: mistakes to be found, counting and sums for measurements. */
  private static final Set<String> ASIDE = Set.of("planted", "accuracy", "residual");

  /** Of rows of an odd number of halves, which no layer here has. */
  private static final Set<String> UNASKED = Set.of("copy_rows_16");

  /** Earlier versions, kept to be read. */
  private static final String VERSION = ".*_v\\d+";

  private final Backend device;

  KernelsSeen(Backend device) {
    this.device = device;
  }

  /**
   * A kernel that nothing asks for on a GPU before Ampere, whose tensor cores know no bf16: cuDNN
   * has no convolutions there that take a norm's line as they read.
   */
  private boolean isRefused(String kernel) {
    HalfPrecision half = device.halfPrecision();
    boolean refused = half.refused().containsKey(DType.BF16);
    return kernel.endsWith("_bf16") && refused
        || kernel.endsWith("_line_f16") && (refused || half.slow().containsKey(DType.BF16));
  }

  @Override
  public String name() {
    return "coverage/every kernel ran";
  }

  @Override
  public String run() {
    Set<String> seen = device.launchedKernels();
    if (seen.isEmpty()) {
      throw new UnsupportedOnDeviceException(device.name() + " launches no kernels");
    }
    List<String> missing = new ArrayList<>();
    int all = 0;
    for (var family : KernelSources.kernels().entrySet()) {
      for (String kernel :
          ASIDE.contains(family.getKey()) ? List.<String>of() : family.getValue()) {
        if (!kernel.matches(VERSION) && !UNASKED.contains(kernel) && !isRefused(kernel)) {
          all++;
          if (!seen.contains(kernel)) {
            missing.add(kernel);
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new Disagreement("no check launched " + String.join(", ", missing));
    }
    return "%d, all but %s".formatted(all, String.join(", ", UNASKED));
  }
}
