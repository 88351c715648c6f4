package engine.backend.sim.exec;

import engine.backend.sim.memory.DeviceMemory;
import engine.backend.sim.ptx.Instruction;

/**
 * A block in flight on one CPU thread: its warps run one after the other, each until it waits or
 * has ended.
 */
final class Block {
  private final Grid grid;
  private final Worker worker;
  private final Counters counters;
  private final Warp[] warps;
  private long number;
  private Dim index;
  private long jumpsBack;
  private KernelFault postponed;

  Block(Grid grid, Worker worker, Counters counters) {
    this.grid = grid;
    this.worker = worker;
    this.counters = counters;
    int threads = (int) grid.blockSize().count();
    warps = new Warp[(threads + Warp.LANES - 1) / Warp.LANES];
    for (int w = 0; w < warps.length; w++) {
      warps[w] = new Warp(grid.kernel().registers());
    }
  }

  /** Runs the block with the number {@code n} of the grid from start to end. */
  void run(long n) {
    number = n;
    index = grid.gridSize().at(n);
    jumpsBack = 0;
    postponed = null;
    worker.openScratch(grid);
    worker.races().blockStarts(grid, n);
    int threads = (int) grid.blockSize().count();
    for (int w = 0; w < warps.length; w++) {
      warps[w].start(this, w, Math.min(Warp.LANES, threads - Warp.LANES * w));
      SpecialRegisters.fill(warps[w]);
    }
    Step[] steps = grid.kernel().steps();
    boolean running = true;
    while (running) {
      running = false;
      for (Warp w : warps) {
        if (!w.ended() && w.waiting == null) {
          w.run(steps, counters);
        }
        running |= !w.ended();
      }
      release();
    }
    throwPostponed();
  }

  /** Lets warps go on from barriers that all whom they wait for have reached. */
  private void release() {
    for (Warp w : warps) {
      if (w.waiting != null) {
        tryRelease(w.waiting);
      }
    }
    for (Warp w : warps) {
      if (!w.ended() && w.waiting == null) {
        return;
      }
    }
    for (Warp w : warps) {
      if (w.waiting != null) {
        throw fault(
            KernelFault.LAUNCH_FAILED,
            w,
            w.waiting,
            Warp.first(w.live),
            "it waits at barrier %d for threads that never come".formatted(w.waiting.barrier()));
      }
    }
  }

  private void tryRelease(BarrierStep at) {
    int waiting = 0;
    int lanes = 0;
    int yes = 0;
    boolean all = true;
    for (Warp w : warps) {
      if (w.waiting != null && w.waiting.barrier() == at.barrier()) {
        waiting += Warp.LANES;
        lanes += Integer.bitCount(w.live);
        yes += Integer.bitCount(w.brought);
      } else {
        all &= w.ended();
      }
    }
    if (at.threads() > 0 ? waiting < at.threads() && !all : !all) {
      return;
    }
    for (Warp w : warps) {
      if (w.waiting != null && w.waiting.barrier() == at.barrier()) {
        w.waiting.deliver(w, lanes, yes);
        w.waiting = null;
        w.brought = 0;
      }
    }
    throwPostponed();
    counters.barriers++;
    worker.races().barrier();
  }

  Grid grid() {
    return grid;
  }

  DeviceMemory memory() {
    return grid.memory();
  }

  Counters counters() {
    return counters;
  }

  /** Its number in the grid. */
  long number() {
    return number;
  }

  Dim index() {
    return index;
  }

  /** The offset of its shared memory. */
  long shared() {
    return worker.shared();
  }

  /** The offset of its first thread's local memory. */
  long local() {
    return worker.local();
  }

  /** Called with each access before it happens; its places are checked. */
  void observe(AccessStep step, Warp w, int lanes) {
    if (grid.options().races() != SimOptions.Races.OFF) {
      worker.races().access(step, w, lanes);
    }
    if (grid.options().coalescing()) {
      counters.request(w.pc, Coalescing.parts(step, w, lanes), Coalescing.bytes(step, w, lanes));
    }
  }

  /** Counts jumps back, so that a loop without end ends. */
  void jumpedBack(Warp w, Step step) {
    if (++jumpsBack > grid.options().stepsPerBlock()) {
      throw fault(
          KernelFault.LAUNCH_TIMEOUT,
          w,
          step,
          Warp.first(w.active),
          "the block jumped back %,d times: it seems to run for ever".formatted(jumpsBack));
    }
    if ((jumpsBack & 0xFFFF) == 0) {
      grid.checkStopped(number);
    }
  }

  /**
   * Throws what an access that failed its check did. Only a read of shared memory that nobody has
   * written yet waits for the next barrier: if another thread writes there before it, the two race,
   * and that says more.
   */
  void badAccess(AccessStep step, Warp w, int lane, long at) {
    String what = "%s %d bytes at %s".formatted(step.verb(), step.bytes, place(step, at));
    if ((at & (step.bytes - 1)) != 0) {
      String why = ": not a multiple of " + step.bytes + ", as the access needs";
      throw fault(KernelFault.MISALIGNED_ADDRESS, w, step, lane, what + why);
    }
    boolean scratch = at >= memory().scratch();
    String why = scratch ? "never written before" : memory().explain(at, step.bytes);
    KernelFault fault = fault(KernelFault.ILLEGAL_ADDRESS, w, step, lane, what + ": " + why);
    boolean waits =
        scratch
            && at < worker.local()
            && !step.writes()
            && grid.options().races() != SimOptions.Races.OFF;
    if (!waits) {
      throw fault;
    }
    postponed = postponed == null ? fault : postponed;
    memory().written(at, step.bytes);
  }

  /** At a barrier, and at the end. */
  private void throwPostponed() {
    if (postponed != null) {
      throw postponed;
    }
  }

  /** An offset as a kernel's author knows it. */
  String place(AccessStep step, long at) {
    if (at >= worker.shared() && at < worker.shared() + Worker.SHARED_LIMIT) {
      return "shared+" + (at - worker.shared());
    }
    if (at >= memory().scratch()) {
      return "local memory";
    }
    return "0x%x".formatted(at + DeviceMemory.BASE);
  }

  /** A report that names kernel, line, thread and instruction. */
  KernelFault fault(int code, Warp w, Step step, int lane, String what) {
    Instruction i = step.instruction;
    String report =
        """
        kernel %s, %s: thread %s of block %s: %s
            %s    (PTX line %d)"""
            .formatted(
                grid.kernel().name(),
                i.source(),
                thread(w.thread(lane)),
                index,
                what,
                i,
                i.ptxLine());
    return new KernelFault(code, report);
  }

  Dim thread(int n) {
    return grid.blockSize().at(n);
  }
}
