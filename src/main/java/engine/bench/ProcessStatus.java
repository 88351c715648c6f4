package engine.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What Linux says about this process; NaN where it says nothing. */
final class ProcessStatus {
  private static final Pattern PEAK = Pattern.compile("(?m)^VmHWM:\\s*(\\d+) kB$");

  /** Ticks a second of the times in /proc, whatever the kernel's own clock. */
  private static final double USER_HZ = 100;

  /** Where the start time is among the fields of /proc/PID/stat that follow the name. */
  private static final int START_TIME = 19;

  private ProcessStatus() {}

  /** The most memory that was resident at once, in millions of bytes. */
  static double peakMegabytes() {
    Matcher m = PEAK.matcher(read("/proc/self/status"));
    return m.find() ? Long.parseLong(m.group(1)) * 1024 / 1e6 : Double.NaN;
  }

  /**
   * Seconds since this process was started, the launcher's own time included. Java's {@code
   * ProcessHandle} knows the start to the second only.
   */
  static double ageSeconds() {
    String stat = read("/proc/self/stat");
    String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
    String uptime = read("/proc/uptime").split(" ")[0];
    if (fields.length <= START_TIME || uptime.isEmpty()) {
      return Double.NaN;
    }
    return Double.parseDouble(uptime) - Long.parseLong(fields[START_TIME]) / USER_HZ;
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      return "";
    }
  }
}
