package engine.backend.cpu.runtime;

import engine.ffi.OpenMp;
import java.util.concurrent.CountDownLatch;

/**
 * Shortens how long OpenMP's threads spin before they sleep, in the whole process, and takes that
 * back.
 *
 * <p>GNU OpenMP spins 300000 turns, some milliseconds, but only 100 as long as it keeps more
 * threads than there are processors (its {@code config/linux/wait.h}, {@code do_spin}). It looks at
 * each wait. So a thread of ours that has begun a team, all of it asleep, keeps the spin short, and
 * when it ends its team ends with it. Who computes what does not change.
 */
final class SpinSwitch {
  /** Teams beyond it would be too many threads for so small a purpose. */
  private static final int MOST = 128;

  private final int team;
  private CountDownLatch ended;

  /**
   * @param sleepers threads of the team, from 2 to {@link #MOST} in any case
   */
  SpinSwitch(int sleepers) {
    team = Math.clamp(sleepers, 2, MOST);
  }

  /** Whether the switch has an effect while a team of {@code threads} works. */
  boolean works(int threads, int processors) {
    return threads > 1 && threads + team - 1 > processors;
  }

  boolean isShort() {
    return ended != null;
  }

  /** The next wait of any thread is short, or as OpenMP has it. */
  void makeShort(boolean wanted) {
    if (wanted && ended == null) {
      CountDownLatch end = new CountDownLatch(1);
      Thread.ofPlatform().daemon().name("spin-keeper").start(() -> keepTeam(end));
      ended = end;
    } else if (!wanted && ended != null) {
      ended.countDown();
      ended = null;
    }
  }

  private void keepTeam(CountDownLatch end) {
    OpenMp.emptyRegion(team);
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
