package engine;

import engine.backend.Backend;
import engine.backend.Devices;
import java.util.List;

/**
 * The devices that tests run on: one of each kind that is present, shared by all tests of this
 * process.
 */
public final class TestDevices {
  static final Backend CPU = Devices.open("cpu", 2);

  private TestDevices() {}

  public static List<Backend> all() {
    return List.of(CPU);
  }

  public static Backend cpu() {
    return CPU;
  }
}
