package engine.backend.sim.exec;

import engine.backend.sim.exec.Registers.File;
import engine.backend.sim.exec.Registers.Slot;
import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.Operand;
import engine.backend.sim.ptx.PtxException;

/**
 * {@code bar.sync a[, count]}, {@code barrier.sync}, and {@code bar.red}, which combines a
 * predicate of all threads on the way ({@code __syncthreads_count} and its kin).
 */
final class BarrierStep extends Step {
  private final int barrier;
  private final int threads;
  private final Slot result;
  private final Slot brings;
  private final boolean bringsNegated;

  BarrierStep(int site, Instruction i, Registers registers) {
    super(site, i, registers);
    boolean reduces = i.has("red");
    int first = reduces ? 1 : 0;
    int operands = i.operands().size() - first - (reduces ? 1 : 0);
    barrier = constant(i, first);
    threads = operands > 1 ? constant(i, first + 1) : 0;
    result = reduces ? registers.of(i.operands().getFirst()) : null;
    Operand last = i.operands().getLast();
    bringsNegated = last instanceof Operand.Not;
    brings =
        !reduces ? null : registers.of(last instanceof Operand.Not(Operand.Register r) ? r : last);
  }

  private static int constant(Instruction i, int operand) {
    if (i.operands().get(operand) instanceof Operand.Immediate c) {
      return (int) c.bits();
    }
    throw new PtxException(i.ptxLine(), "a barrier that is chosen at run time is not implemented");
  }

  int barrier() {
    return barrier;
  }

  /** How many threads it waits for; 0 for all of the block. */
  int threads() {
    return threads;
  }

  @Override
  int run(Warp w) {
    int lanes = mask(w);
    if (lanes != w.live) {
      int absent = w.live & ~lanes;
      throw w.block.fault(
          KernelFault.LAUNCH_FAILED,
          w,
          this,
          Warp.first(lanes == 0 ? w.active : lanes),
          "a barrier that not all threads of the warp reach: %d of %d lanes are here, lane %d took another branch"
              .formatted(Integer.bitCount(lanes), Integer.bitCount(w.live), Warp.first(absent)));
    }
    w.waiting = this;
    w.pc = next;
    if (brings != null) {
      w.brought = (bringsNegated ? ~w.p[brings.number()] : w.p[brings.number()]) & lanes;
    }
    return WAIT;
  }

  /** Gives a warp the sum over all threads: how many there were and how many brought true. */
  void deliver(Warp w, int all, int yes) {
    if (result == null) {
      return;
    }
    if (result.file() == File.PREDICATE) {
      boolean holds = instruction.has("and") ? yes == all : yes > 0;
      w.p[result.number()] = holds ? -1 : 0;
    } else {
      for (int lane = 0; lane < Warp.LANES; lane++) {
        w.r[Warp.LANES * result.number() + lane] = yes;
      }
    }
  }
}
