package engine.backend.kernels;

import java.util.List;

/**
 * What the software GPU saw of a launch.
 *
 * @param fault the report of what stopped it; null if it ran to its end
 * @param instructions of the kernel, in order; all counts are 0 after a fault
 * @param barriers that a block passed, in total
 * @param sharedBytes of a block
 * @param trace the steps of one warp; empty unless it was asked for
 * @param traceCut steps that were left out at the end of a long trace
 */
public record KernelRun(
    String fault,
    List<InstructionCounts> instructions,
    long barriers,
    int sharedBytes,
    List<TracedStep> trace,
    long traceCut) {}
