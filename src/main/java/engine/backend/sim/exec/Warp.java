package engine.backend.sim.exec;

import java.util.Arrays;

/**
 * 32 threads that share a program counter. Lanes part at a branch that not all of them take: one
 * side goes on, the other one waits on a stack, and both meet again at the branch's immediate
 * post-dominator (the SIMT stack of Fung et al., MICRO 2007).
 */
final class Warp {
  static final int LANES = 32;

  /** {@link #meet} where lanes that parted do not meet before they end. */
  static final int NOWHERE = -1;

  /** Registers: 32 lanes of register 0, then of register 1, … */
  final int[] r;

  final long[] d;

  /** Predicates, a bit a lane. */
  final int[] p;

  /** The memory offset of each lane in the access at hand. */
  final long[] at = new long[LANES];

  Block block;

  /** Its number in the block; its first thread is 32 times that. */
  int number;

  /** Lanes that have not ended. */
  int live;

  /** Lanes that execute now. */
  int active;

  /** The step to execute next. */
  int pc;

  /** Where the active lanes meet those that wait on top of the stack. */
  int meet;

  /** The barrier at which the warp waits; null if it can run. */
  BarrierStep waiting;

  /** The predicate that the lanes brought to a reducing barrier. */
  int brought;

  /** Counts its {@code bar.warp.sync}s: two lanes' accesses are ordered by one between them. */
  int syncs;

  private int depth;
  private int[] stackPc = new int[8];
  private int[] stackMask = new int[8];
  private int[] stackMeet = new int[8];

  Warp(Registers registers) {
    r = new int[LANES * registers.count(Registers.File.NARROW)];
    d = new long[LANES * registers.count(Registers.File.WIDE)];
    p = new int[registers.count(Registers.File.PREDICATE)];
  }

  void start(Block block, int number, int lanes) {
    this.block = block;
    this.number = number;
    live = lanes == LANES ? -1 : (1 << lanes) - 1;
    active = live;
    pc = 0;
    meet = NOWHERE;
    waiting = null;
    syncs = 0;
    depth = 0;
  }

  /** Executes until the warp waits at a barrier or has ended. */
  void run(Step[] steps, Counters counters) {
    int at = pc;
    while (true) {
      if (at == meet) {
        at = resume();
        continue;
      }
      Step step = steps[at];
      pc = at;
      counters.issued(at, active);
      if (counters.tracer() != null) {
        at = counters.tracer().step(this, step);
      } else {
        at = step.run(this);
      }
      if (at < 0) {
        return;
      }
    }
  }

  boolean ended() {
    return live == 0;
  }

  /**
   * Parts the active lanes. Those that jump go first.
   *
   * @param jumping lanes that go to {@code target}; the others go to {@code next}
   * @param join the step before which they meet, or {@link #NOWHERE}
   * @return the step to go on with
   */
  int part(int jumping, int target, int next, int join) {
    int staying = active & ~jumping;
    if (join != NOWHERE && join != meet) {
      push(join, active, meet); // all of them, once they have met
    }
    if (next != join) {
      push(next, staying, join);
    }
    if (target == join) {
      return resume();
    }
    active = jumping;
    meet = join;
    return target;
  }

  /** Ends lanes. Returns the step to go on with: {@code next} where some are left here. */
  int end(int lanes, int next) {
    live &= ~lanes;
    active &= ~lanes;
    return active != 0 ? next : resume();
  }

  /** Goes on with what waits on top of the stack. */
  private int resume() {
    while (depth > 0) {
      depth--;
      active = stackMask[depth] & live;
      meet = stackMeet[depth];
      if (active != 0) {
        return stackPc[depth];
      }
    }
    active = 0;
    return Step.DONE;
  }

  private void push(int pc, int mask, int meet) {
    if (depth == stackPc.length) {
      stackPc = Arrays.copyOf(stackPc, 2 * depth);
      stackMask = Arrays.copyOf(stackMask, 2 * depth);
      stackMeet = Arrays.copyOf(stackMeet, 2 * depth);
    }
    stackPc[depth] = pc;
    stackMask[depth] = mask;
    stackMeet[depth] = meet;
    depth++;
  }

  /** The thread's number in its block. */
  int thread(int lane) {
    return LANES * number + lane;
  }

  /** The first of some lanes. */
  static int first(int mask) {
    return Integer.numberOfTrailingZeros(mask);
  }
}
