package engine.backend.cuda.plans;

import engine.backend.Recording;
import engine.backend.cuda.driver.CudaException;
import engine.backend.cuda.driver.Gpu;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.PlanMemory;
import engine.base.Setting;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A plan as a CUDA graph: the host starts all of it with one call. */
public final class CudaRecording implements Recording {
  private final Gpu gpu;
  private final PlanMemory memory;
  private final long executable;
  private final int nodes;
  private boolean closed;

  private CudaRecording(Gpu gpu, PlanMemory memory, long executable, int nodes) {
    this.gpu = gpu;
    this.memory = memory;
    this.executable = executable;
    this.nodes = nodes;
  }

  /**
   * Captures what {@code work} issues to the stream, and runs it once: capturing alone does
   * nothing.
   */
  public static CudaRecording record(Gpu gpu, CudaMemory tensors, Runnable work) {
    tensors.startRecording();
    PlanMemory memory = null;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
      long graph = capture(gpu, work, out);
      memory = tensors.stopRecording();
      gpu.errors.check(gpu.driver.cuGraphGetNodes(graph, 0, out.address()), "cuGraphGetNodes", "");
      int nodes = Math.toIntExact(out.get(ValueLayout.JAVA_LONG, 0));
      gpu.errors.check(
          gpu.driver.cuGraphInstantiateWithFlags(out.address(), graph, 0),
          "cuGraphInstantiate",
          nodes + " nodes");
      long executable = out.get(ValueLayout.JAVA_LONG, 0);
      gpu.errors.check(gpu.driver.cuGraphDestroy(graph), "cuGraphDestroy", "");
      CudaRecording plan = new CudaRecording(gpu, memory, executable, nodes);
      plan.replay();
      return plan;
    } catch (RuntimeException | Error e) {
      giveBack(memory == null ? tensors.stopRecording() : memory, e);
      throw e;
    }
  }

  /** After a fault the driver takes nothing back; what is told is the fault. */
  private static void giveBack(PlanMemory memory, Throwable reason) {
    try {
      memory.close();
    } catch (RuntimeException second) {
      reason.addSuppressed(second);
    }
  }

  /** The graph of what {@code work} issues; it is the caller's. */
  private static long capture(Gpu gpu, Runnable work, MemorySegment out) {
    // Relaxed: a capture may load modules and allocate memory, neither of which waits here.
    gpu.errors.check(
        gpu.driver.cuStreamBeginCapture_v2(gpu.stream, CudaDriver.CU_STREAM_CAPTURE_MODE_RELAXED),
        "cuStreamBeginCapture",
        "");
    boolean whole = false;
    long graph;
    try {
      work.run();
      whole = true;
    } finally {
      int status = gpu.driver.cuStreamEndCapture(gpu.stream, out.address());
      graph = status == CudaDriver.CUDA_SUCCESS ? out.get(ValueLayout.JAVA_LONG, 0) : 0;
      if (!whole && graph != 0) {
        gpu.errors.check(gpu.driver.cuGraphDestroy(graph), "cuGraphDestroy", "");
      }
    }
    if (graph == 0) {
      throw new CudaException("recording a step was cut short: run with " + Setting.EAGER);
    }
    return graph;
  }

  @Override
  public void replay() {
    gpu.errors.check(
        gpu.driver.cuGraphLaunch(executable, gpu.stream), "cuGraphLaunch", nodes + " nodes");
  }

  @Override
  public int kernels() {
    return nodes;
  }

  @Override
  public long reservedBytes() {
    return memory.bytes();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.synchronize();
      gpu.errors.check(gpu.driver.cuGraphExecDestroy(executable), "cuGraphExecDestroy", "");
      memory.close();
    }
  }
}
