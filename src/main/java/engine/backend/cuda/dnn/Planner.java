package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR;

import engine.ffi.Cudnn;
import java.util.List;
import java.util.Set;

/** Makes plans of graphs, with an engine that {@link EngineSearch} finds or one found before. */
public final class Planner {
  private final Cudnn cudnn;
  private final long handle;
  private final String device;
  private final DeepStack stack;

  private Planner(Cudnn cudnn, long handle, String device, DeepStack stack) {
    this.cudnn = cudnn;
    this.handle = handle;
    this.device = device;
    this.stack = stack;
  }

  /**
   * Nothing, if a call of cuDNN worked.
   *
   * @throws CudnnException with cuDNN's reason, if it failed
   */
  public static void check(Cudnn cudnn, int status, String call) {
    Descriptors.check(cudnn, status, call);
  }

  /**
   * Plans for the GPU of a handle.
   *
   * @param context makes the GPU's context that of the calling thread
   */
  public static Planner forHandle(Cudnn cudnn, long handle, Runnable context) {
    return new Planner(cudnn, handle, null, new DeepStack(context));
  }

  /**
   * Plans for a GPU that need not be there; they cannot run. cuDNN 9.8 or later.
   *
   * @param json the device's properties, as cuDNN writes them
   */
  public static Planner forDescribedDevice(Cudnn cudnn, String json) {
    return new Planner(cudnn, 0, json, new DeepStack(() -> {}));
  }

  /**
   * A plan.
   *
   * @throws CudnnException with the reason of the last engine, where none gives one
   */
  public ExecutionPlan plan(OperationGraph graph, EngineRules rules) {
    return plans(graph, rules, 1).getFirst();
  }

  /** The same by an engine that is none of those that failed. */
  public ExecutionPlan planWithout(Set<Long> failed, OperationGraph graph, EngineRules rules) {
    return stack.call(() -> search(graph, rules, 1, failed)).getFirst();
  }

  /**
   * Plans of the same graph by several engines or settings of one, the likely fastest first.
   * Closing one of them closes all.
   *
   * @param most how many; there may be fewer, but one at least
   * @throws CudnnException with the reason of the last engine, where none gives one
   */
  public List<ExecutionPlan> plans(OperationGraph graph, EngineRules rules, int most) {
    return stack.call(() -> search(graph, rules, most, Set.of()));
  }

  private List<ExecutionPlan> search(
      OperationGraph graph, EngineRules rules, int most, Set<Long> failed) {
    Descriptors d = new Descriptors(cudnn);
    try {
      long written = new DescriptorWriter(d).write(graph, handle);
      PlanTarget target = new PlanTarget(d, handle, device);
      return new EngineSearch(d, target, graph, rules, failed).plans(written, most);
    } catch (RuntimeException e) {
      d.close();
      throw e;
    }
  }

  /**
   * A plan made before, without asking the heuristics or compiling anything.
   *
   * @param json what {@link ExecutionPlan#json} gave, unchanged: a wrong bit in a compiled kernel
   *     goes unnoticed
   * @throws CudnnException if it is of another version of cuDNN or another kind of GPU, or no plan
   */
  public ExecutionPlan restore(String json) {
    return stack.call(() -> read(json));
  }

  private ExecutionPlan read(String json) {
    Descriptors d = new Descriptors(cudnn);
    try {
      long p = d.make(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
      new PlanTarget(d, handle, device).setInPlan(p);
      d.setText(p, CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION, json);
      d.finish(p, "a plan that was kept");
      long configuration =
          d.getParts(p, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)
              .getFirst();
      return ExecutionPlan.of(d, p, configuration, 0);
    } catch (RuntimeException e) {
      d.close();
      throw e;
    }
  }
}
