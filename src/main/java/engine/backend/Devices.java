package engine.backend;

import engine.base.Setting;
import engine.base.UserError;
import engine.ffi.Libc;
import engine.ffi.UncheckedNativeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Consumer;

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
    return open(spec, threads, false, _ -> {});
  }

  /**
   * Opens a device.
   *
   * @param always whether {@code note} is told also where {@code auto} took the CPU for want of any
   *     other
   * @param note told which device {@code auto} took, and why it took none that was expected here
   */
  public static Backend open(String spec, int threads, boolean always, Consumer<String> note) {
    List<DeviceProvider> all = all();
    if (spec.equals("auto")) {
      List<DeviceProvider> wanted = all.stream().filter(p -> p.preference() >= 0).toList();
      return best(wanted, threads, always, note);
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

  static Backend best(
      List<DeviceProvider> wanted, int threads, boolean always, Consumer<String> note) {
    List<String> refused = new ArrayList<>();
    for (DeviceProvider p : wanted) {
      boolean last = p == wanted.getLast();
      if (!last && !p.isExpected()) {
        continue; // to find all that it lacks takes time, and nobody asked
      }
      String whyNot = p.whyNot();
      if (whyNot == null) {
        try {
          Backend taken = p.open(0, threads);
          if (always || !last || !refused.isEmpty()) {
            note.accept(taken(taken, refused));
          }
          return taken;
        } catch (UserError
            | UnsupportedOnDeviceException
            | UncheckedNativeException
            | UnsatisfiedLinkError e) {
          if (last) {
            throw e;
          }
          whyNot = e.getMessage();
        }
      } else if (last) {
        throw new UnsupportedOnDeviceException(whyNot);
      }
      refused.add("not " + p.name() + ", since " + whyNot);
    }
    throw new IllegalStateException("this build has no device that auto may take");
  }

  private static String taken(Backend b, List<String> refused) {
    String takes = "%s auto takes %s (%s)".formatted(Setting.DEVICE, b.name(), b.describe());
    return refused.isEmpty() ? takes : takes + ", " + String.join(", ", refused);
  }
}
