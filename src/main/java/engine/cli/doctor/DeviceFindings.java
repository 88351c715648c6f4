package engine.cli.doctor;

import engine.backend.Backend;
import engine.backend.DeviceProvider;
import engine.backend.Devices;
import engine.backend.VendorLibrary;
import java.util.ArrayList;
import java.util.List;

/** Which devices there are to compute on, and why one is missing. */
final class DeviceFindings {
  private DeviceFindings() {}

  static List<Finding> all(int threads) {
    List<Finding> out = new ArrayList<>();
    for (DeviceProvider p : Devices.all()) {
      out.add(device(p, threads));
      for (VendorLibrary l : p.libraries()) {
        out.add(
            !l.found()
                ? Finding.missing(l.name(), "not here", l.text())
                : l.warning() == null
                    ? Finding.ok(l.name(), l.text())
                    : Finding.slow(l.name(), l.text(), l.warning()));
      }
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
}
