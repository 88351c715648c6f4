package engine.backend.sim.ptx;

import java.util.List;
import java.util.Map;

/**
 * A PTX file.
 *
 * @param target such as {@code sm_75}
 * @param variables in global, constant and (unsized) shared memory
 * @param text the whole source, for showing
 */
public record PtxModule(
    String version,
    String target,
    List<Variable> variables,
    Map<String, PtxKernel> kernels,
    String text) {}
