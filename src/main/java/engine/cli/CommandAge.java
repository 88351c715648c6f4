package engine.cli;

import java.lang.management.ManagementFactory;

/** How long the command that runs has been there: where the process is its own, from its start. */
final class CommandAge {
  private static volatile boolean ownProcess;
  private static volatile long begun = System.nanoTime();

  private CommandAge() {}

  /** The process was started for this command. */
  static void isOfProcess() {
    ownProcess = true;
  }

  /** A command begins. */
  static void begin() {
    begun = System.nanoTime();
  }

  static double seconds() {
    return ownProcess
        ? ManagementFactory.getRuntimeMXBean().getUptime() / 1e3
        : (System.nanoTime() - begun) / 1e9;
  }
}
