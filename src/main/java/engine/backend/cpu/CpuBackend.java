package engine.backend.cpu;

import engine.backend.Backend;
import engine.backend.Convolutions;
import engine.backend.Elementwise;
import engine.backend.HalfPrecision;
import engine.backend.Int8Networks;
import engine.backend.LayerNorms;
import engine.backend.Linears;
import engine.backend.Losses;
import engine.backend.Memory;
import engine.backend.Normalizations;
import engine.backend.Optimizers;
import engine.backend.Pools;
import engine.backend.Quantizers;
import engine.backend.Recording;
import engine.backend.Reductions;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.DnnlVersion;
import engine.backend.cpu.int8.CpuInt8Networks;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.CpuRecording;
import engine.backend.cpu.runtime.HugeArena;
import engine.backend.cpu.runtime.MemoryRanges;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.PhysicalMemory;
import engine.backend.cpu.runtime.SpinGovernor;
import java.util.List;
import java.util.Map;

/** The CPU as a device. */
final class CpuBackend implements Backend {
  private final int threads;
  private final HugeArena arena;
  private final CpuQueue queue = new CpuQueue();
  private final DnnlContext dnnl;

  private final CpuMemory memory;
  private final WinogradConvolution winograd;
  private final CpuConvolutions convolutions;
  private final CpuNormalizations normalizations;
  private final CpuLayerNorms layerNorms;
  private final CpuPools pools;
  private final CpuLinears linears;
  private final CpuElementwise elementwise;
  private final CpuReductions reductions;
  private final CpuLosses losses;
  private final CpuOptimizers optimizers;
  private final CpuQuantizers quantizers;
  private final CpuInt8Networks int8Networks;
  private boolean closed;

  /**
   * @param threads OpenMP threads; 0 for one a core
   */
  CpuBackend(int threads) {
    this.threads = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
    long physical = PhysicalMemory.bytes();
    arena = new HugeArena(2 * physical, physical);
    Parallel parallel = new Parallel(this.threads);
    dnnl = new DnnlContext(queue, arena, parallel);
    memory = new CpuMemory(arena, dnnl, queue, parallel);
    DnnlElementwise passes = new DnnlElementwise(dnnl, memory);
    winograd = new WinogradConvolution(dnnl, memory, queue, parallel);
    convolutions =
        new CpuConvolutions(
            dnnl,
            memory,
            new FilterScaling(queue, parallel),
            new DepthwiseFilterGradients(memory, queue, parallel, dnnl.mds),
            winograd);
    normalizations = new CpuNormalizations(dnnl, memory, queue, passes);
    layerNorms = new CpuLayerNorms(dnnl.mds, memory, queue, parallel);
    pools = new CpuPools(dnnl, memory, queue, parallel);
    linears = new CpuLinears(dnnl, memory, queue);
    elementwise = new CpuElementwise(dnnl, memory, passes, pools, queue, parallel);
    reductions = new CpuReductions(memory, queue, parallel);
    losses = new CpuLosses(memory, queue, parallel);
    optimizers = new CpuOptimizers(memory, queue, parallel);
    quantizers = new CpuQuantizers(memory, queue, parallel);
    int8Networks = new CpuInt8Networks(this, dnnl, arena, parallel);
    SpinGovernor.share(this.threads);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String describe() {
    return "oneDNN "
        + DnnlVersion.text()
        + ", "
        + threads
        + (threads == 1 ? " thread" : " threads");
  }

  @Override
  public int threads() {
    return threads;
  }

  @Override
  public HalfPrecision halfPrecision() {
    return DnnlVersion.halfPrecision();
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public Convolutions convolutions() {
    return convolutions;
  }

  @Override
  public Normalizations normalizations() {
    return normalizations;
  }

  @Override
  public LayerNorms layerNorms() {
    return layerNorms;
  }

  @Override
  public Pools pools() {
    return pools;
  }

  @Override
  public Elementwise elementwise() {
    return elementwise;
  }

  @Override
  public Reductions reductions() {
    return reductions;
  }

  @Override
  public Linears linears() {
    return linears;
  }

  @Override
  public Losses losses() {
    return losses;
  }

  @Override
  public Optimizers optimizers() {
    return optimizers;
  }

  @Override
  public Quantizers quantizers() {
    return quantizers;
  }

  @Override
  public Int8Networks int8Networks() {
    return int8Networks;
  }

  @Override
  public void expectFewAnswers() {
    winograd.leaveOut();
  }

  /** See {@link DnnlContext#implementations}. */
  Map<String, String> implementations() {
    return dnnl.implementations();
  }

  @Override
  public Recording record(Runnable work) {
    memory.startRecording();
    queue.startRecording();
    List<Runnable> kernels;
    MemoryRanges reserved;
    try {
      work.run();
    } finally {
      kernels = queue.stopRecording();
      reserved = memory.stopRecording();
    }
    return new CpuRecording(kernels, reserved, arena);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      SpinGovernor.release();
      arena.close();
    }
  }
}
