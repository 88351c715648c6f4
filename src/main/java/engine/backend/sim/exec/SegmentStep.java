package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import java.util.List;

/** A run of instructions that need registers alone: compiled to bytecode. */
final class SegmentStep extends Step {
  private final int segment;
  private final List<Instruction> instructions;

  /** Set when the whole kernel's segments are compiled. */
  Segments code;

  SegmentStep(int site, List<Instruction> instructions, int segment, Registers registers) {
    super(site, instructions.getFirst(), registers);
    this.segment = segment;
    this.instructions = instructions;
  }

  @Override
  int run(Warp w) {
    // guards inside a segment are bytecode: the mask is that of the active lanes
    try {
      code.run(segment, w.r, w.d, w.p, w.block.grid().parameters(), w.active);
    } catch (IndexOutOfBoundsException e) {
      // nothing else in a segment indexes by a kernel's own values
      String what = "it indexes a parameter outside the parameter block";
      throw w.block.fault(KernelFault.ILLEGAL_ADDRESS, w, this, Warp.first(w.active), what);
    }
    return next;
  }

  @Override
  int instructions() {
    return instructions.size();
  }

  List<Instruction> all() {
    return instructions;
  }
}
