package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.exec.KernelFault;
import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.StridedTensor;
import engine.backend.sim.memory.DeviceMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Runs a plan: reads what the graph reads from device memory, computes, writes what it writes. What
 * can be checked is checked when the call is made; memory is looked at when the work is due, which
 * is later where a stream is captured.
 */
final class Execution {
  private static final int WORKSPACE_ALIGNMENT = 16;
  private static final byte GARBAGE = (byte) 0xA5;

  private final DeviceMemory memory;
  private final CpuMath cpu;

  private final EngineFaults faults;

  Execution(DeviceMemory memory, CpuMath cpu, EngineFaults faults) {
    this.faults = faults;
    this.memory = memory;
    this.cpu = cpu;
  }

  /** The work of a plan on these addresses. */
  Runnable prepare(ExecutionPlan plan, VariantPack pack) {
    OperationGraph graph = plan.engine().graph();
    if (faults.fails(graph.describe(), plan.engine().index())) {
      throw new DnnError(
          Status.EXECUTION_FAILED, "engine %d fails, as asked".formatted(plan.engine().index()));
    }
    Map<Long, StridedTensor> placed = new HashMap<>();
    Map<DnnTensor, Double> scalars = new HashMap<>();
    for (DnnTensor t : graph.tensors().values()) {
      Long pointer = pack.pointers().get(t.uid());
      if (t.virtual() != (pointer == null)) {
        throw bad(
            t.virtual() ? "%s lives inside the graph: it has no address" : "%s has no address", t);
      }
      if (t.byValue()) {
        scalars.put(t, scalar(t, pointer));
      } else if (!t.virtual()) {
        placed.put(t.uid(), place(t, pointer));
      }
    }
    checkIds(graph, pack);
    checkOverlaps(graph, placed);
    long workspace = workspace(plan.engine(), pack);
    return () -> run(plan.engine(), placed, scalars, workspace);
  }

  private static void checkIds(OperationGraph graph, VariantPack pack) {
    for (long uid : pack.pointers().keySet()) {
      if (!graph.tensors().containsKey(uid)) {
        throw bad("the graph (%s) has no tensor %d", graph.describe(), uid);
      }
    }
  }

  private static double scalar(DnnTensor t, long pointer) {
    DnnCalls.notNull(pointer, "the address of " + t);
    return t.type().readHost(HostMemory.slice(pointer, t.type().bytes()));
  }

  private static StridedTensor place(DnnTensor t, long pointer) {
    DnnCalls.notNull(pointer, "the address of " + t);
    if (pointer % t.alignment() != 0) {
      throw new DnnError(
          Status.BAD_PARAM_MISALIGNED_POINTER,
          "0x%x is not aligned to the %d bytes that %s promises"
              .formatted(pointer, t.alignment(), t));
    }
    return new StridedTensor("tensor " + t.uid(), t.type(), t.dims(), t.strides(), pointer);
  }

  /** A result may take the place of an operand only element by element. */
  private static void checkOverlaps(OperationGraph graph, Map<Long, StridedTensor> placed) {
    boolean elementwise = graph.operations().stream().allMatch(o -> o instanceof Pointwise);
    for (long uid : graph.written()) {
      StridedTensor result = placed.get(uid);
      for (StridedTensor other : result == null ? List.<StridedTensor>of() : placed.values()) {
        boolean apart =
            result.address() + result.spanBytes() <= other.address()
                || other.address() + other.spanBytes() <= result.address();
        if (other != result && !apart && !(elementwise && other.equals(result))) {
          throw bad("%s is written over %s", result, other);
        }
      }
    }
  }

  private long workspace(Engine engine, VariantPack pack) {
    long bytes = engine.workspaceBytes();
    long pointer = pack.workspace();
    if (bytes == 0) {
      return 0;
    }
    DnnCalls.notNull(pointer, "a workspace of %,d bytes is needed and".formatted(bytes));
    if (pointer % WORKSPACE_ALIGNMENT != 0) {
      throw new DnnError(
          Status.BAD_PARAM_MISALIGNED_POINTER,
          "the workspace at 0x%x is not aligned to %d bytes"
              .formatted(pointer, WORKSPACE_ALIGNMENT));
    }
    long bad = memory.firstBad(pointer - DeviceMemory.BASE, bytes, false);
    if (bad >= 0) {
      throw new DnnError(
          Status.BAD_PARAM_SIZE_INSUFFICIENT,
          "the workspace at 0x%x has not the %,d bytes that are needed: %s"
              .formatted(pointer, bytes, memory.explain(bad, 1)));
    }
    return pointer;
  }

  private void run(
      Engine engine,
      Map<Long, StridedTensor> placed,
      Map<DnnTensor, Double> scalars,
      long workspace) {
    OperationGraph graph = engine.graph();
    try {
      spoil(workspace, engine.workspaceBytes());
      Values values = new Values(engine.numerics());
      scalars.forEach((t, v) -> values.put(t, new double[] {v}));
      for (long uid : reads(graph)) {
        if (placed.containsKey(uid)) {
          values.put(graph.tensors().get(uid), placed.get(uid).read(memory));
        }
      }
      graph.operations().forEach(o -> o.run(values, cpu));
      for (long uid : graph.written()) {
        if (placed.containsKey(uid)) {
          double[] result = values.of(graph.tensors().get(uid));
          placed.get(uid).write(memory, faults.written(graph.describe(), uid, result));
        }
      }
    } catch (KernelFault f) {
      throw new KernelFault(
          f.code(), "cuDNN graph (%s): %s".formatted(graph.describe(), f.getMessage()));
    }
  }

  /** Ids of the tensors whose values are there before the graph runs. */
  private static List<Long> reads(OperationGraph graph) {
    Set<Long> made =
        graph.operations().stream()
            .filter(o -> !(o instanceof Convolution c && c.beta() != 0))
            .flatMap(o -> o.outputs().stream())
            .map(DnnTensor::uid)
            .collect(Collectors.toSet());
    List<Long> reads = new ArrayList<>();
    for (Operation o : graph.operations()) {
      o.inputs().stream().map(DnnTensor::uid).filter(u -> !made.contains(u)).forEach(reads::add);
    }
    return reads.stream().distinct().toList();
  }

  /** What a workspace holds afterwards nobody knows. */
  private void spoil(long pointer, long bytes) {
    if (bytes == 0) {
      return;
    }
    long start = pointer - DeviceMemory.BASE;
    long bad = memory.firstBad(start, bytes, false);
    if (bad >= 0) { // a graph may run after its workspace was freed
      throw new KernelFault(
          KernelFault.ILLEGAL_ADDRESS, "the workspace: " + memory.explain(bad, 1));
    }
    memory.slice(start, bytes).fill(GARBAGE);
    memory.writtenRange(start, bytes);
  }
}
