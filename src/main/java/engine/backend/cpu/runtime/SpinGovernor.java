package engine.backend.cpu.runtime;

import engine.ffi.Gomp;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Lets OpenMP's threads spin long where they have the processors to themselves, and makes them
 * sleep soon beside busy neighbours, where a thread that spins does so on the very core that the
 * one it waits for should run on. See docs/neighbours.md.
 *
 * <p>The spin is the whole process's, so all CPU devices share one governor; the last to be closed
 * ends it. It looks 20 times a second while there is work, and once a second where there is none.
 */
public final class SpinGovernor {
  private static final long WORK_MILLIS = 50;
  private static final long IDLE_MILLIS = 1000;

  private static SpinGovernor shared;
  private static int users;

  private final SpinSwitch spin;
  private final Thread thread;

  /** Package-private for tests: otherwise {@link #share}. */
  SpinGovernor(SpinSwitch spin) {
    this.spin = spin;
    thread = Thread.ofPlatform().daemon().name("spin-governor").start(this::govern);
  }

  /** Another CPU device of so many threads is open. */
  public static synchronized void share(int threads) {
    users++;
    if (shared == null && !isChosen(System.getenv())) {
      int processors = Gomp.omp_get_num_procs();
      // No more sleepers than it takes: where threads are rationed, OpenMP ends the process.
      SpinSwitch spin = new SpinSwitch(processors - threads + 2);
      if (spin.works(threads, processors)) {
        shared = new SpinGovernor(spin);
      }
    }
  }

  /** One that was {@link #share}d is closed. */
  public static synchronized void release() {
    users--;
    if (users == 0 && shared != null) {
      shared.end();
      shared = null;
    }
  }

  /** Whether the user has said how threads should wait. */
  static boolean isChosen(Map<String, String> environment) {
    return Stream.of("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")
        .anyMatch(name -> !environment.getOrDefault(name, "").isBlank());
  }

  void end() {
    thread.interrupt();
  }

  private void govern() {
    Crowding crowding = new Crowding();
    long pause = WORK_MILLIS;
    long last = System.nanoTime();
    try (RunDelays delays = new RunDelays()) {
      while (true) {
        Thread.sleep(pause);
        long now = System.nanoTime();
        RunDelays.Reading reading = delays.next();
        spin.makeShort(crowding.after(now - last, reading));
        pause =
            Crowding.isIdle(now - last, reading) ? Math.min(2 * pause, IDLE_MILLIS) : WORK_MILLIS;
        last = now;
      }
    } catch (InterruptedException e) {
      spin.makeShort(false);
    }
  }
}
