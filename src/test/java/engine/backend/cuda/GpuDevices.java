package engine.backend.cuda;

import engine.backend.DeviceProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;

/** The GPUs that are present, the software one always, for tests that launch kernels themselves. */
public final class GpuDevices {
  private static final List<Named<CudaBackend>> OPEN = new ArrayList<>();

  static {
    for (DeviceProvider p : List.of(new SimulatedProvider(), new CudaProvider())) {
      if (p.whyNot() == null) {
        OPEN.add(Named.of(p.name(), (CudaBackend) p.open(0, 2)));
      }
    }
  }

  private GpuDevices() {}

  public static Stream<Named<CudaBackend>> all() {
    return OPEN.stream();
  }
}
