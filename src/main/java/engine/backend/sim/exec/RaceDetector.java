package engine.backend.sim.exec;

import engine.backend.sim.exec.AccessStep.Space;
import engine.backend.sim.ptx.Instruction;

/**
 * Finds accesses of two threads of a block to one place, one of them a write, with no barrier
 * between them. A shadow remembers of each place its last writer and two readers in the current
 * <em>epoch</em>: the time between two barriers of the block (after Eraser and FastTrack: Flanagan
 * and Freund, PLDI 2009, with barriers in place of clocks). A store that leaves memory as it is
 * cannot be told from none and does not count.
 *
 * <p>Each CPU thread has its own and runs a block alone, so what is found does not depend on
 * timing. Races between blocks are {@link CrossBlockRaces}'.
 */
final class RaceDetector {
  // A stamp: who accessed a place last, when, and where in the kernel.
  private static final int SITE_SHIFT = 1;
  private static final int THREAD_SHIFT = 20;
  private static final int SYNC_SHIFT = 30;
  private static final int EPOCH_SHIFT = 40;
  private static final int SITES = 0x7FFFF;
  private static final int THREADS = 0x3FF;
  private static final int SYNCS = 0x3FF;
  private static final int EPOCHS = 0xFFFFFF;

  private final ShadowTable table = new ShadowTable();
  private final CrossBlockRaces crossBlock;
  private long epoch;

  // the chunk of the last access: neighbours follow each other
  private long crossNumber = -1;
  private long[] crossChunk;

  RaceDetector(CrossBlockRaces crossBlock) {
    this.crossBlock = crossBlock;
  }

  void blockStarts(Grid grid, long block) {
    barrier();
    crossNumber = -1;
    if (block == 0) {
      table.trim();
    }
  }

  /** All accesses before are ordered before all that follow. */
  void barrier() {
    epoch++;
    if ((epoch & EPOCHS) == 0) {
      table.clear();
      epoch++;
    }
  }

  void access(AccessStep step, Warp w, int lanes) {
    if (step.space == Space.LOCAL) {
      return;
    }
    Block block = w.block;
    int granule = block.grid().kernel().granule();
    long mark = CrossBlockRaces.mark(step, w);
    for (int m = lanes; m != 0; m &= m - 1) {
      int lane = Warp.first(m);
      long at = w.at[lane];
      boolean shared = at >= block.shared();
      if (shared ? at >= block.local() : block.grid().options().races() != SimOptions.Races.ALL) {
        continue;
      }
      boolean silent = step instanceof StoreStep s && s.changesNothing(w, lane);
      for (long g = at / granule; g <= (at + step.bytes - 1) / granule; g++) {
        one(step, w, lane, g, silent);
        if (!shared && !silent && crossBlock.watching()) {
          crossBlock.access(step, w, lane, crossBlockChunk(g), g, mark);
        }
      }
    }
  }

  private long[] crossBlockChunk(long place) {
    long number = CrossBlockRaces.chunkNumber(place);
    if (number != crossNumber) {
      crossChunk = crossBlock.chunk(number);
      crossNumber = crossChunk == null ? -1 : number;
    }
    return crossChunk;
  }

  private void one(AccessStep step, Warp w, int lane, long granule, boolean silent) {
    long[] chunk = table.chunk(granule);
    if (chunk == null) {
      return;
    }
    int i = ShadowTable.index(granule);
    long me = stamp(step, w, lane);
    if (collides(chunk[i], me, step) && !silent && !sameStore(chunk[i], me, step, w, lane)) {
      throw race(step, w, lane, chunk[i], true);
    }
    if (step.writes()) {
      if (silent) {
        return;
      }
      for (int reader = i + 1; reader <= i + 2; reader++) {
        if (collides(chunk[reader], me, step)) {
          throw race(step, w, lane, chunk[reader], false);
        }
      }
      chunk[i] = me;
    } else if (isOf(chunk[i + 1]) && thread(chunk[i + 1]) != thread(me)) {
      chunk[i + 2] = me;
    } else {
      chunk[i + 2] = isOf(chunk[i + 1]) ? chunk[i + 2] : 0;
      chunk[i + 1] = me;
    }
  }

  private long stamp(AccessStep step, Warp w, int lane) {
    return (epoch & EPOCHS) << EPOCH_SHIFT
        | (long) (w.syncs & SYNCS) << SYNC_SHIFT
        | (long) w.thread(lane) << THREAD_SHIFT
        | (long) step.site << SITE_SHIFT
        | (step.atomic() ? 1 : 0);
  }

  /** Whether a stamp is of the current epoch. */
  private boolean isOf(long stamp) {
    return stamp >>> EPOCH_SHIFT == (epoch & EPOCHS);
  }

  private boolean collides(long old, long me, AccessStep step) {
    if (!isOf(old) || thread(old) == thread(me)) {
      return false;
    }
    boolean sameWarp = thread(old) / Warp.LANES == thread(me) / Warp.LANES;
    boolean ordered = sameWarp && (old >>> SYNC_SHIFT & SYNCS) != (me >>> SYNC_SHIFT & SYNCS);
    return !ordered && !(step.atomic() && (old & 1) == 1);
  }

  /** Whether two lanes of one store write the same value to one place. */
  private boolean sameStore(long old, long me, AccessStep step, Warp w, int lane) {
    return step instanceof StoreStep s
        && site(old) == site(me)
        && thread(old) / Warp.LANES == w.number
        && s.storesSame(w, lane, thread(old) % Warp.LANES);
  }

  private static int thread(long stamp) {
    return (int) (stamp >>> THREAD_SHIFT) & THREADS;
  }

  private static int site(long stamp) {
    return (int) (stamp >>> SITE_SHIFT) & SITES;
  }

  private static KernelFault race(
      AccessStep step, Warp w, int lane, long other, boolean otherWrote) {
    Block b = w.block;
    Instruction i = b.grid().kernel().instruction(site(other));
    String before =
        "thread %s of the same block %s it before at %s, with no barrier between them\n    %s    (PTX line %d)"
            .formatted(
                b.thread(thread(other)),
                (other & 1) == 1 ? "updated" : otherWrote ? "wrote" : "read",
                i.source(),
                i,
                i.ptxLine());
    return b.fault(
        KernelFault.LAUNCH_FAILED,
        w,
        step,
        lane,
        "a race: it %s %s; %s".formatted(step.verb(), b.place(step, w.at[lane]), before));
  }
}
