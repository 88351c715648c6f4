package engine.backend.cpu.runtime;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long compute threads ran, and how long they were ready to and had to wait for a processor, as
 * Linux counts it in {@code /proc/self/task/TID/schedstat}. Where there is no such file nothing
 * ever seems to run.
 */
final class RunDelays {
  /**
   * Nanoseconds since the reading before, of all compute threads together.
   *
   * @param ran on a processor, spinning included
   * @param waited for one
   */
  record Reading(long ran, long waited) {}

  private static final Path TASKS = Path.of("/proc/self/task");

  /**
   * Names of threads that begin OpenMP's regions. Its own threads have the name of the one that
   * made them, and the JVM's and the loaders' have others.
   */
  private static final Set<String> NAMES = ConcurrentHashMap.newKeySet();

  private record Counts(boolean computes, long ran, long waited) {}

  private Map<String, Counts> last = new HashMap<>();

  /** Says that the calling thread computes, and those that OpenMP makes for it. */
  static void countCallingThread() {
    try {
      NAMES.add(Files.readString(Path.of("/proc/thread-self/comm")));
    } catch (IOException e) {
      // Then nothing is counted.
    }
  }

  Reading next() {
    Map<String, Counts> now = new HashMap<>();
    long ran = 0;
    long waited = 0;
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        String id = task.getFileName().toString();
        Counts before = last.get(id);
        Counts counts = read(task, before);
        now.put(id, counts);
        if (counts.computes() && before != null && before.computes()) {
          ran += counts.ran() - before.ran();
          waited += counts.waited() - before.waited();
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No /proc: nothing is counted.
    }
    last = now;
    return new Reading(ran, waited);
  }

  private static Counts read(Path task, Counts before) {
    try {
      boolean computes =
          before != null && before.computes()
              || NAMES.contains(Files.readString(task.resolve("comm")));
      if (computes) {
        String[] fields = Files.readString(task.resolve("schedstat")).strip().split(" ");
        return new Counts(true, Long.parseLong(fields[0]), Long.parseLong(fields[1]));
      }
    } catch (IOException e) {
      // The thread has just ended.
    }
    return new Counts(false, 0, 0);
  }
}
