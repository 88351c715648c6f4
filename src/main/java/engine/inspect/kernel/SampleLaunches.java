package engine.inspect.kernel;

import engine.backend.kernels.KernelLaunch;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The launch that each kernel is shown with: large enough that its ends do not rule the counters,
 * small enough to run at once. A new kernel gets one in the class of its family.
 */
final class SampleLaunches {
  private static final Map<String, KernelLaunch> ALL = all();

  private SampleLaunches() {}

  /** Null for a kernel that has none yet. */
  static KernelLaunch of(String kernel) {
    return ALL.get(kernel);
  }

  private static Map<String, KernelLaunch> all() {
    Map<String, KernelLaunch> all = new LinkedHashMap<>();
    all.putAll(ElementwiseSamples.all());
    all.putAll(OptimizerSamples.all());
    all.putAll(LossSamples.all());
    all.putAll(ImageSamples.all());
    all.putAll(NormSamples.all());
    all.putAll(ReductionSamples.all());
    all.putAll(QuantSamples.all());
    all.putAll(PlantedSamples.all());
    all.putAll(LayerNormSamples.all());
    return all;
  }
}
