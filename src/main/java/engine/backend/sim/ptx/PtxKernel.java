package engine.backend.sim.ptx;

import java.util.List;
import java.util.Map;

/**
 * An {@code .entry}.
 *
 * @param parameters in order
 * @param variables those of the kernel itself: shared and local
 * @param labels the index in {@code body} of the instruction that follows each label
 * @param branchTables the targets of {@code .branchtargets} lists, for {@code brx.idx}
 * @param limits performance directives such as {@code maxntid}, in order of dimensions
 */
public record PtxKernel(
    String name,
    List<Variable> parameters,
    List<Variable> variables,
    List<Instruction> body,
    Map<String, Integer> labels,
    Map<String, List<String>> branchTables,
    Map<String, List<Integer>> limits) {}
