package engine.backend.cpu;

import engine.backend.Backend;
import engine.backend.DeviceProvider;

/** Makes {@code --device cpu}. */
public final class CpuProvider implements DeviceProvider {
  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String whyNot() {
    String os = System.getProperty("os.name");
    String arch = System.getProperty("os.arch");
    if (os.equals("Linux") && (arch.equals("amd64") || arch.equals("x86_64"))) {
      return null;
    }
    return "the CPU device needs Linux on x86-64, and this is "
        + os
        + " on "
        + arch
        + ": run it in a Linux container or virtual machine";
  }

  @Override
  public int preference() {
    return 0;
  }

  @Override
  public Backend open(int index, int threads) {
    return new CpuBackend(threads);
  }
}
