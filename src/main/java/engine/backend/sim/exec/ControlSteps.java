package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;

/** Jumps, ends, and instructions that do nothing here. */
final class ControlSteps {
  private ControlSteps() {}

  /** {@code bra}: each active lane goes to the target if the guard holds for it. */
  static final class Branch extends Step {
    private final int target;
    private final int join;

    /**
     * @param target a step
     * @param join the step before which lanes that part meet, or {@link Warp#NOWHERE}
     */
    Branch(int site, Instruction i, Registers registers, int target, int join) {
      super(site, i, registers);
      this.target = target;
      this.join = join;
    }

    @Override
    int run(Warp w) {
      int jumping = mask(w);
      if (target <= next) {
        w.block.jumpedBack(w, this);
      }
      if (jumping == w.active) {
        return target;
      }
      if (jumping == 0) {
        return next;
      }
      w.block.counters().diverged(w.pc);
      return w.part(jumping, target, next, join);
    }
  }

  /** {@code brx.idx}: each lane picks its target from a table. */
  static final class Table extends Step {
    private final int index;
    private final int[] targets;
    private final int join;

    Table(int site, Instruction i, Registers registers, int[] targets, int join) {
      super(site, i, registers);
      index = registers.of(i.operands().getFirst()).number();
      this.targets = targets;
      this.join = join;
    }

    @Override
    int run(Warp w) {
      w.block.jumpedBack(w, this);
      int to = choice(w, Warp.first(w.active));
      int same = 0;
      for (int m = w.active; m != 0; m &= m - 1) {
        int lane = Warp.first(m);
        same |= choice(w, lane) == to ? 1 << lane : 0;
      }
      if (same == w.active) {
        return to;
      }
      // the others come back to this very instruction and choose again
      w.block.counters().diverged(w.pc);
      return w.part(same, to, w.pc, join);
    }

    private int choice(Warp w, int lane) {
      int i = w.r[Warp.LANES * index + lane];
      if (i < 0 || i >= targets.length) {
        throw w.block.fault(
            KernelFault.LAUNCH_FAILED, w, this, lane, "brx.idx " + i + " is outside its table");
      }
      return targets[i];
    }
  }

  /** {@code ret} and {@code exit}. */
  static final class End extends Step {
    End(int site, Instruction i, Registers registers) {
      super(site, i, registers);
    }

    @Override
    int run(Warp w) {
      return w.end(mask(w), next);
    }
  }

  /** {@code trap}: the kernel gives up, as a failed device assertion does. */
  static final class Trap extends Step {
    Trap(int site, Instruction i, Registers registers) {
      super(site, i, registers);
    }

    @Override
    int run(Warp w) {
      int lanes = mask(w);
      if (lanes == 0) {
        return next;
      }
      throw w.block.fault(
          KernelFault.LAUNCH_FAILED,
          w,
          this,
          Warp.first(lanes),
          "the kernel stopped itself (trap)");
    }
  }

  /** Fences, prefetches, pauses: what changes nothing where everything happens in order. */
  static final class Nothing extends Step {
    Nothing(int site, Instruction i, Registers registers) {
      super(site, i, registers);
    }

    @Override
    int run(Warp w) {
      return next;
    }
  }
}
