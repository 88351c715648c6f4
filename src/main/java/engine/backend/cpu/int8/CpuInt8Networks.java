package engine.backend.cpu.int8;

import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.backend.Int8Networks;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.Parallel;

/** Quantised networks by oneDNN's u8 times s8 kernels, channels last. */
public final class CpuInt8Networks implements Int8Networks {
  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final HugeArena arena;
  private final Parallel parallel;

  public CpuInt8Networks(DnnlContext dnnl, CpuMemory memory, HugeArena arena, Parallel parallel) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.arena = arena;
    this.parallel = parallel;
  }

  @Override
  public Int8Network compile(Int8Graph graph) {
    return new CpuInt8Network(graph, dnnl, memory, arena, parallel);
  }
}
