package engine.backend.sim.exec;

import engine.backend.kernels.InstructionCounts;
import engine.backend.sim.ptx.Instruction;
import java.util.ArrayList;
import java.util.List;

/** A launch that went well, and what was counted. */
public record LaunchResult(
    CompiledKernel kernel, Dim grid, Dim block, int sharedBytes, Counters counters) {

  /** Instructions times the threads that were active in them. */
  public long threadInstructions() {
    return counters.threadInstructions();
  }

  public long warpInstructions() {
    return counters.warpInstructions();
  }

  /** Barriers that blocks passed. */
  public long barriers() {
    return counters.barriers;
  }

  /**
   * The counts of every instruction. Those of one compiled segment share the segment's, so that a
   * kernel compiled one step an instruction gives the finer picture.
   */
  public List<InstructionCounts> instructions() {
    List<InstructionCounts> all = new ArrayList<>();
    Step[] steps = kernel.steps();
    for (int s = 0; s < steps.length - 1; s++) { // the last is the closing brace
      for (int k = 0; k < steps[s].instructions(); k++) {
        all.add(counts(kernel.instruction(steps[s].site + k), s));
      }
    }
    return all;
  }

  private InstructionCounts counts(Instruction i, int step) {
    return new InstructionCounts(
        i.toString(),
        i.opcode(),
        i.ptxLine(),
        i.source().fileName(),
        i.source().line(),
        counters.issued[step],
        counters.lanes[step],
        counters.diverged[step],
        counters.requests[step],
        counters.parts[step],
        counters.bytes[step]);
  }
}
