package engine.backend;

import engine.base.Setting;
import engine.ffi.Libc;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;

/** The devices by the names they have on the command line. */
public final class Devices {
  private Devices() {}

  /**
   * Every kind of device that this build knows, best first, whether or not it is available here.
   */
  public static List<DeviceProvider> all() {
    return ServiceLoader.load(DeviceProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparingInt(DeviceProvider::preference).reversed())
        .toList();
  }

  /**
   * Binds each compute thread of the CPU device to a core of its own. It holds for the process, as
   * OpenMP's settings do, and must be said before a CPU device is first opened.
   */
  public static void pinThreads() {
    Libc.setenv("OMP_PROC_BIND", "close");
    Libc.setenv("OMP_PLACES", "cores");
  }

  /**
   * Opens a device.
   *
   * @param spec {@code auto} for the best there is, or a name such as {@code cpu} or {@code cuda:1}
   * @param threads compute threads of the CPU device; 0 for one a core
   * @throws UnsupportedOnDeviceException with the reason, where there is no such device
   */
  public static Backend open(String spec, int threads) {
    List<DeviceProvider> all = all();
    if (spec.equals("auto")) {
      List<DeviceProvider> wanted = all.stream().filter(p -> p.preference() >= 0).toList();
      return wanted.stream()
          .filter(p -> p.whyNot() == null)
          .findFirst()
          .orElseThrow(() -> new UnsupportedOnDeviceException(wanted.getLast().whyNot()))
          .open(0, threads);
    }
    String[] parts = spec.split(":", 2);
    DeviceProvider p =
        all.stream()
            .filter(d -> d.name().equals(parts[0]))
            .findFirst()
            .orElseThrow(
                () ->
                    new UnsupportedOnDeviceException(
                        "there is no device "
                            + spec
                            + " in this build: use "
                            + Setting.DEVICE
                            + " "
                            + String.join(
                                " or ", all.stream().map(DeviceProvider::name).toList())));
    if (p.whyNot() != null) {
      throw new UnsupportedOnDeviceException(p.whyNot());
    }
    int index = 0;
    if (parts.length == 2) {
      try {
        index = Integer.parseInt(parts[1]);
      } catch (NumberFormatException e) {
        throw new UnsupportedOnDeviceException(
            "the device number in " + spec + " is not a number: write " + parts[0] + ":0", e);
      }
    }
    return p.open(index, threads);
  }
}
