package engine.backend.cpu.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How much memory this process may use: the machine's, its control group's limit, or what the
 * property {@value #LIMIT} says in MiB, whichever is least.
 */
public final class PhysicalMemory {
  private static final String LIMIT = "engine.memory.limit";

  private PhysicalMemory() {}

  public static long bytes() {
    long asked = Long.getLong(LIMIT, Long.MAX_VALUE >> 20) << 20;
    return Math.min(asked, Math.min(field("MemTotal:", 4L << 30), controlGroup()));
  }

  /** What the system could still give to any process without ending one, swap included. */
  static long availableBytes() {
    long free = field("MemAvailable:", Long.MAX_VALUE);
    return free == Long.MAX_VALUE ? free : free + field("SwapFree:", 0);
  }

  private static long field(String name, long otherwise) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith(name)) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
    } catch (IOException e) {
      // No /proc: the arena grows only as far as the system lets it.
    }
    return otherwise;
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
