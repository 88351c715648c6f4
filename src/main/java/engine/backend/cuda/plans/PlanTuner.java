package engine.backend.cuda.plans;

import engine.backend.cuda.dnn.CudnnException;
import engine.backend.cuda.dnn.ExecutionPlan;
import engine.backend.cuda.dnn.GraphTensor;
import engine.backend.cuda.dnn.OperationGraph;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Finds the fastest of several plans of a graph by running each on memory of its own, full of
 * zeros: once to warm up, then {@link #RUNS} times, of which the median counts.
 */
final class PlanTuner {
  private static final int RUNS = 5;

  private final CudaMemory memory;
  private final ToDoubleFunction<Runnable> clock;

  /**
   * @param clock milliseconds that the GPU spends on work
   */
  PlanTuner(CudaMemory memory, ToDoubleFunction<Runnable> clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * The plan with the least median; of equals the first. Those that fail are passed over.
   *
   * @param plans of the graph, at least one
   * @throws CudnnException with the reason of the last, where all fail
   * @throws engine.backend.OutOfDeviceMemoryException if there is no room for another set of the
   *     graph's tensors
   */
  ExecutionPlan fastest(OperationGraph graph, List<ExecutionPlan> plans, long handle) {
    List<Tensor> tensors = new ArrayList<>();
    try (Arena arena = Arena.ofConfined()) {
      Map<Long, Long> data = new HashMap<>();
      for (GraphTensor t : graph.stored()) {
        tensors.add(memory.zeros(DType.U8, Shape.of(t.bytes())));
        data.put(t.id(), tensors.getLast().address());
      }
      for (GraphTensor t : graph.numbers()) {
        data.put(t.id(), arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1).address());
      }
      ExecutionPlan best = null;
      double least = Double.POSITIVE_INFINITY;
      CudnnException reason = null;
      for (ExecutionPlan p : plans) {
        try {
          double ms = median(p, handle, data);
          if (ms < least) {
            least = ms;
            best = p;
          }
        } catch (CudnnException e) {
          reason = e;
        }
      }
      if (best == null) {
        throw reason;
      }
      return best;
    } finally {
      tensors.forEach(Tensor::close);
    }
  }

  private double median(ExecutionPlan p, long handle, Map<Long, Long> data) {
    long bytes = p.workspaceBytes();
    try (Tensor workspace = bytes == 0 ? null : memory.empty(DType.U8, Shape.of(bytes))) {
      Runnable run = () -> p.execute(handle, data, workspace == null ? 0 : workspace.address());
      run.run();
      double[] ms = new double[RUNS];
      Arrays.setAll(ms, _ -> clock.applyAsDouble(run));
      Arrays.sort(ms);
      return ms[RUNS / 2];
    }
  }
}
