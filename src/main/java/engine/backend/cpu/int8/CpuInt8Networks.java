package engine.backend.cpu.int8;

import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.backend.Int8Networks;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.Parallel;

/** Quantised networks by oneDNN's u8 times s8 kernels, channels last. */
public final class CpuInt8Networks implements Int8Networks {
  private final CpuInt8Program.Cpu cpu;

  /**
   * @param backend for layers in real numbers
   */
  public CpuInt8Networks(Backend backend, DnnlContext dnnl, HugeArena arena, Parallel parallel) {
    cpu = new CpuInt8Program.Cpu(backend, dnnl, arena, parallel);
  }

  @Override
  public Int8Network compile(Int8Graph graph) {
    return new CpuInt8Network(graph, cpu);
  }
}
