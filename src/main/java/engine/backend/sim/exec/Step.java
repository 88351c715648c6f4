package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;

/** What a warp does between two looks at its program counter: one instruction, or a segment. */
abstract class Step {
  /** {@link #run} returns it where the warp waits at a barrier; its counter is set already. */
  static final int WAIT = -2;

  /** {@link #run} returns it where the warp's last lane has ended. */
  static final int DONE = -3;

  /** The instruction's index in the kernel's body; a segment has its first one's. */
  final int site;

  final Instruction instruction;

  /** The step after this one. */
  int next;

  private final int guard;
  private final boolean guardNegated;

  Step(int site, Instruction instruction, Registers registers) {
    this.site = site;
    this.instruction = instruction;
    guard = instruction.guard() == null ? -1 : registers.of(instruction.guard()).number();
    guardNegated = instruction.guardNegated();
  }

  /** Executes for the active lanes; returns the number of the step to go on with. */
  abstract int run(Warp w);

  /** How many instructions this is. */
  int instructions() {
    return 1;
  }

  /** The lanes that are active and that the guard leaves on. */
  final int mask(Warp w) {
    if (guard < 0) {
      return w.active;
    }
    return w.active & (guardNegated ? ~w.p[guard] : w.p[guard]);
  }
}
