package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds accesses of two blocks to one place of global memory, one of them a write and not both
 * atomic: nothing orders blocks. Kernels that pass data between blocks by fences and atomics (the
 * "last block" idiom) are left alone. All CPU threads share it, so each access leaves its mark
 * before it looks for others'.
 */
final class CrossBlockRaces {
  // A mark: launch, block, site, atomic.
  private static final int SITE_SHIFT = 1;
  private static final int BLOCK_SHIFT = 20;
  private static final int LAUNCH_SHIFT = 48;
  private static final int SITES = 0x7FFFF;
  private static final long BLOCKS = 0xFFFFFFF;
  private static final int PLACES = 1024;
  private static final int MOST_CHUNKS = 4096;
  private static final VarHandle LONG = MethodHandles.arrayElementVarHandle(long[].class);

  private final ConcurrentHashMap<Long, long[]> chunks = new ConcurrentHashMap<>();
  private boolean watching;

  /** Called before a launch's first block. */
  void launchStarts(Grid grid) {
    watching =
        grid.options().races() == SimOptions.Races.ALL
            && !grid.kernel().publishes()
            && grid.gridSize().count() > 1
            && grid.gridSize().count() <= BLOCKS;
    if (chunks.size() > MOST_CHUNKS / 2 || grid.launch() % 0xFFFF == 0) {
      chunks.clear();
    }
  }

  /** Whether accesses of this launch need {@link #access}. */
  boolean watching() {
    return watching;
  }

  /**
   * Looks at an access to one place.
   *
   * @param chunk the place's {@link #chunk}; null for a place that is not watched
   * @param me the access's {@link #mark}
   */
  void access(AccessStep step, Warp w, int lane, long[] chunk, long place, long me) {
    if (chunk == null) {
      return;
    }
    int i = (int) (place % PLACES) * ShadowTable.LONGS;
    if (step.writes()) {
      long before = (long) LONG.getAndSet(chunk, i, me);
      check(step, w, lane, before, me, true);
      check(step, w, lane, (long) LONG.getVolatile(chunk, i + 1), me, false);
      check(step, w, lane, (long) LONG.getVolatile(chunk, i + 2), me, false);
      return;
    }
    long first = (long) LONG.getVolatile(chunk, i + 1);
    if (first != me) {
      // the first reader of a launch keeps its place, so that two readers are told apart
      boolean old = first >>> LAUNCH_SHIFT != me >>> LAUNCH_SHIFT;
      LONG.setVolatile(chunk, old ? i + 1 : i + 2, me);
    }
    check(step, w, lane, (long) LONG.getVolatile(chunk, i), me, true);
  }

  /** The number of a place's chunk. */
  static long chunkNumber(long place) {
    return place / PLACES;
  }

  /** The chunk with a number; it stays the same until the launch ends. Null if there is no room. */
  long[] chunk(long number) {
    long[] c = chunks.get(number);
    if (c == null && chunks.size() < MOST_CHUNKS) {
      c = chunks.computeIfAbsent(number, n -> new long[ShadowTable.LONGS * PLACES]);
    }
    return c;
  }

  /** Who accesses, and where in the kernel. */
  static long mark(AccessStep step, Warp w) {
    Block b = w.block;
    return (long) (b.grid().launch() % 0xFFFF + 1) << LAUNCH_SHIFT
        | b.number() << BLOCK_SHIFT
        | (long) step.site << SITE_SHIFT
        | (step.atomic() ? 1 : 0);
  }

  private static void check(
      AccessStep step, Warp w, int lane, long other, long me, boolean otherWrote) {
    boolean sameLaunch = other >>> LAUNCH_SHIFT == me >>> LAUNCH_SHIFT;
    boolean sameBlock = (other >>> BLOCK_SHIFT & BLOCKS) == (me >>> BLOCK_SHIFT & BLOCKS);
    boolean bothAtomic = (other & me & 1) == 1;
    if (!sameLaunch || sameBlock || bothAtomic) {
      return;
    }
    Block b = w.block;
    Instruction i = b.grid().kernel().instruction((int) (other >>> SITE_SHIFT) & SITES);
    throw b.fault(
        KernelFault.LAUNCH_FAILED,
        w,
        step,
        lane,
        "a race: it %s %s, which block %s %s at %s, and nothing orders blocks\n    %s    (PTX line %d)"
            .formatted(
                step.verb(),
                b.place(step, w.at[lane]),
                b.grid().gridSize().at(other >>> BLOCK_SHIFT & BLOCKS),
                (other & 1) == 1 ? "updates" : otherWrote ? "writes" : "reads",
                i.source(),
                i,
                i.ptxLine()));
  }
}
