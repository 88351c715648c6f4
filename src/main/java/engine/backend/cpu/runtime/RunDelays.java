package engine.backend.cpu.runtime;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How long compute threads ran, and how long they were ready to and had to wait for a processor, as
 * Linux counts it in {@code /proc/self/task/TID/schedstat}. Where there is no such file nothing
 * ever seems to run.
 */
final class RunDelays implements AutoCloseable {
  /**
   * Nanoseconds since the reading before, of all compute threads together.
   *
   * @param ran on a processor, spinning included
   * @param waited for one, but for what Java's compilers ran meanwhile: their company is short
   */
  record Reading(long ran, long waited) {
    static Reading of(long ran, long waited, long compiled) {
      return new Reading(ran, Math.max(0, waited - compiled));
    }
  }

  private static final Path TASKS = Path.of("/proc/self/task");

  /** A thread that is born later is seen after so long. */
  private static final long LISTING_NANOS = 500_000_000;

  /**
   * Names of threads that begin OpenMP's regions. Its own threads have the name of the one that
   * made them, and the JVM's and the loaders' have others.
   */
  private static final Set<String> COMPUTERS = ConcurrentHashMap.newKeySet();

  /** As Linux cuts them. */
  static final Set<String> COMPILERS = Set.of("C1 CompilerThre\n", "C2 CompilerThre\n");

  /** A thread whose counts are read, by a file that stays open: names are read rarely. */
  private static final class Counted implements AutoCloseable {
    private final boolean computes;
    private final RandomAccessFile file;
    private final byte[] buffer = new byte[96];
    private long ran;
    private long waited;
    private long ranBefore;
    private long waitedBefore;

    Counted(Path task, boolean computes) throws IOException {
      this.computes = computes;
      file = new RandomAccessFile(task.resolve("schedstat").toFile(), "r");
      try {
        read();
      } catch (IOException e) {
        file.close();
        throw e;
      }
    }

    void read() throws IOException {
      ranBefore = ran;
      waitedBefore = waited;
      file.seek(0);
      int length = Math.max(0, file.read(buffer));
      String[] fields = new String(buffer, 0, length, StandardCharsets.US_ASCII).strip().split(" ");
      if (fields.length < 2) {
        throw new IOException("no counts");
      }
      ran = Long.parseLong(fields[0]);
      waited = Long.parseLong(fields[1]);
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private final Set<String> computers;
  private final Map<Path, Counted> threads = new HashMap<>();
  private long listed = System.nanoTime() - LISTING_NANOS;

  /** Of the threads that {@link #countCallingThread} named. */
  RunDelays() {
    this(COMPUTERS);
  }

  /**
   * @param computers names, as Linux has them with their line's end
   */
  RunDelays(Set<String> computers) {
    this.computers = computers;
  }

  /** Says that the calling thread computes, and those that OpenMP makes for it. */
  static void countCallingThread() {
    try {
      COMPUTERS.add(Files.readString(Path.of("/proc/thread-self/comm")));
    } catch (IOException e) {
      // Then nothing is counted.
    }
  }

  Reading next() {
    long ran = 0;
    long waited = 0;
    long compiled = 0;
    for (Iterator<Counted> all = threads.values().iterator(); all.hasNext(); ) {
      Counted thread = all.next();
      try {
        thread.read();
      } catch (IOException e) {
        // It has ended.
        closeQuietly(thread);
        all.remove();
        continue;
      }
      if (thread.computes) {
        ran += thread.ran - thread.ranBefore;
        waited += thread.waited - thread.waitedBefore;
      } else {
        compiled += thread.ran - thread.ranBefore;
      }
    }
    if (System.nanoTime() - listed >= LISTING_NANOS) {
      listed = System.nanoTime();
      addNewThreads();
    }
    return Reading.of(ran, waited, compiled);
  }

  private void addNewThreads() {
    try (DirectoryStream<Path> tasks = Files.newDirectoryStream(TASKS)) {
      for (Path task : tasks) {
        if (!threads.containsKey(task)) {
          addIfCounted(task);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      // No /proc: nothing is counted.
    }
  }

  private void addIfCounted(Path task) {
    try {
      String name = Files.readString(task.resolve("comm"));
      boolean computes = computers.contains(name);
      if (computes || COMPILERS.contains(name)) {
        threads.put(task, new Counted(task, computes));
      }
    } catch (IOException e) {
      // It has just ended, or the kernel does not count.
    }
  }

  @Override
  public void close() {
    threads.values().forEach(RunDelays::closeQuietly);
    threads.clear();
  }

  private static void closeQuietly(Counted thread) {
    try {
      thread.close();
    } catch (IOException e) {
      // It was only read.
    }
  }
}
