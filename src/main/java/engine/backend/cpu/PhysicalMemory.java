package engine.backend.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process may use: the machine's, or its control group's limit where that is
 * less.
 */
final class PhysicalMemory {
  private PhysicalMemory() {}

  static long bytes() {
    long machine = 4L << 30;
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          machine = Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // No /proc: the guess above stays, and the arena grows only as far as the system lets it.
    }
    return Math.min(machine, controlGroup());
  }

  private static long controlGroup() {
    for (String file :
        new String[] {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
      try {
        String text = Files.readString(Path.of(file)).strip();
        if (!text.equals("max")) {
          return Long.parseLong(text);
        }
      } catch (IOException | NumberFormatException e) {
        // Not this version of control groups.
      }
    }
    return Long.MAX_VALUE;
  }
}
