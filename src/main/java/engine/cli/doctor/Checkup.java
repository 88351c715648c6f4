package engine.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Everything that {@code engine doctor} looks at, in the order it is shown. */
public final class Checkup {
  private Checkup() {}

  /**
   * Looks at this machine.
   *
   * @param threads threads for the CPU device; 0 for one a core
   */
  public static List<Finding> run(int threads) {
    List<Finding> out = new ArrayList<>();
    out.addAll(new Host(Path.of("/")).findings());
    out.addAll(DeviceFindings.all(threads));
    out.addAll(StorageChecks.findings());
    return out;
  }
}
