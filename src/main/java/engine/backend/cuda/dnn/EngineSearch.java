package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_RESULTS;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_HEUR_MODE_A;
import static engine.ffi.Cudnn.CUDNN_HEUR_MODE_FALLBACK;
import static engine.ffi.Cudnn.CUDNN_TYPE_HEUR_MODE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Goes through the engines that cuDNN's heuristics offer for a graph, the likely fastest first and
 * those that always work last, and plans with those that the rules allow.
 */
final class EngineSearch {
  private final Descriptors d;
  private final PlanTarget target;
  private final OperationGraph graph;
  private final EngineRules rules;
  private final Set<Long> failed;
  private int offered;
  private CudnnException reason = new CudnnException("cuDNN offers no engine");

  /**
   * @param failed engines that could not do it in the end, which are passed over
   */
  EngineSearch(
      Descriptors d, PlanTarget target, OperationGraph graph, EngineRules rules, Set<Long> failed) {
    this.failed = failed;
    this.d = d;
    this.target = target;
    this.graph = graph;
    this.rules = rules;
  }

  /**
   * The first plans, each of which owns the descriptors from then on.
   *
   * @param written the graph's descriptor
   * @param most how many to find
   * @throws CudnnException with the reason of the last engine, where none gives one
   */
  List<ExecutionPlan> plans(long written, int most) {
    List<ExecutionPlan> plans = new ArrayList<>();
    for (int mode : new int[] {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
      try {
        List<Long> configurations = configurations(written, mode);
        offered += configurations.size();
        for (long configuration : configurations) {
          ExecutionPlan p = planned(configuration);
          if (p != null) {
            plans.add(p);
          }
          if (plans.size() == most) {
            return plans;
          }
        }
      } catch (CudnnException e) {
        reason = e;
      }
      if (!plans.isEmpty()) {
        return plans; // the fallback repeats some of them
      }
    }
    throw reason;
  }

  private List<Long> configurations(long written, int mode) {
    long h = d.make(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    d.setParts(h, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, written);
    d.setInts(h, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, mode);
    target.setInHeuristic(h);
    d.finish(h, "a heuristic");
    return d.getParts(h, CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  }

  /** Null, and a new reason, where the engine may not or cannot compute the graph. */
  private ExecutionPlan planned(long configuration) {
    try {
      long engine = ExecutionPlan.engine(d, configuration);
      if (failed.contains(ExecutionPlan.number(d, engine))) {
        return null;
      }
      String refusal = rules.refusal(graph, ExecutionPlan.notes(d, engine));
      if (refusal != null) {
        reason =
            new CudnnException("every engine that cuDNN offers is passed over: one " + refusal);
        return null;
      }
      long p = d.make(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
      target.setInPlan(p);
      d.setParts(p, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
      d.finish(p, "a plan");
      ExecutionPlan plan = ExecutionPlan.of(d, p, configuration, offered);
      if (plan.workspaceBytes() <= rules.mostWorkspace()) {
        return plan;
      }
      reason =
          new CudnnException("its workspace of " + plan.workspaceBytes() + " bytes is too large");
    } catch (CudnnException e) {
      reason = e;
    }
    return null;
  }
}
