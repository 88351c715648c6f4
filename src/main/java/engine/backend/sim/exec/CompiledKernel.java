package engine.backend.sim.exec;

import engine.backend.sim.ptx.Instruction;
import engine.backend.sim.ptx.PtxKernel;
import engine.backend.sim.ptx.Variable;
import java.util.Map;
import java.util.Set;

/**
 * A kernel ready to run.
 *
 * @param parameterOffsets where each parameter lies in the parameter block
 * @param parameterBytes the size of the block
 * @param sharedBytes static shared memory, before the dynamic part
 * @param localBytes local memory of a thread
 * @param written parameters through whose pointers it may write
 * @param orderShows whether the order of blocks may change results, so that they run one by one
 * @param publishes whether blocks pass data on to others by fences and atomics
 * @param liveRegisters 32-bit registers that hold something at once: the software GPU's stand-in
 *     for what a real compiler would allocate
 * @param granule bytes that the race detector tells apart: the narrowest access
 */
public record CompiledKernel(
    PtxKernel ptx,
    Step[] steps,
    Registers registers,
    Map<String, Integer> parameterOffsets,
    int parameterBytes,
    int sharedBytes,
    int dynamicSharedAlign,
    int localBytes,
    Set<String> written,
    boolean orderShows,
    boolean publishes,
    int granule,
    int liveRegisters) {

  public String name() {
    return ptx.name();
  }

  /** The distance between two threads' local memories. */
  int localStride() {
    return (localBytes + 31) / 32 * 32;
  }

  Instruction instruction(int site) {
    return ptx.body().get(site);
  }

  /** Whether it may write memory that a parameter points to. */
  public boolean writesThrough(int parameter) {
    return written.contains(ptx.parameters().get(parameter).name());
  }

  /** The size of a parameter, in bytes. */
  public int bytes(int parameter) {
    return (int) ptx.parameters().get(parameter).bytes();
  }

  /** Where a parameter lies in the block. */
  public int offset(int parameter) {
    Variable v = ptx.parameters().get(parameter);
    return parameterOffsets.get(v.name());
  }
}
