package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINECFG_ENGINE;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_DEVICEPROP;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_MODE;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_RESULTS;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINE_GLOBAL_INDEX;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_HANDLE;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE;
import static engine.ffi.Cudnn.CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINECFG_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINE_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_HEUR_MODE_A;
import static engine.ffi.Cudnn.CUDNN_HEUR_MODE_FALLBACK;
import static engine.ffi.Cudnn.CUDNN_TYPE_HANDLE;
import static engine.ffi.Cudnn.CUDNN_TYPE_HEUR_MODE;

import engine.ffi.Cudnn;
import java.util.List;

/** Asks cuDNN's heuristics for engines and takes the first that gives a plan. */
public final class Planner {
  private final Cudnn cudnn;
  private final long handle;
  private final String device;

  private Planner(Cudnn cudnn, long handle, String device) {
    this.cudnn = cudnn;
    this.handle = handle;
    this.device = device;
  }

  /**
   * Nothing, if a call of cuDNN worked.
   *
   * @throws CudnnException with cuDNN's reason, if it failed
   */
  public static void check(Cudnn cudnn, int status, String call) {
    Descriptors.check(cudnn, status, call);
  }

  /** Plans for the GPU of a handle. */
  public static Planner forHandle(Cudnn cudnn, long handle) {
    return new Planner(cudnn, handle, null);
  }

  /**
   * Plans for a GPU that need not be there; they cannot run. cuDNN 9.8 or later.
   *
   * @param json the device's properties, as cuDNN writes them
   */
  public static Planner forDescribedDevice(Cudnn cudnn, String json) {
    return new Planner(cudnn, 0, json);
  }

  /**
   * A plan.
   *
   * @param mostWorkspace bytes; engines that want more are passed over
   * @throws CudnnException with the reason of the last engine, where none gives one
   */
  public ExecutionPlan plan(OperationGraph graph, long mostWorkspace) {
    Descriptors d = new Descriptors(cudnn);
    try {
      long g = new GraphWriter(d).write(graph, handle);
      long properties = device == null ? 0 : properties(d);
      CudnnException reason = null;
      int offered = 0;
      for (int mode : new int[] {CUDNN_HEUR_MODE_A, CUDNN_HEUR_MODE_FALLBACK}) {
        List<Long> configurations;
        try {
          configurations = configurations(d, g, mode, properties);
        } catch (CudnnException e) {
          reason = e;
          continue;
        }
        offered += configurations.size();
        for (long configuration : configurations) {
          try {
            long p = plan(d, configuration, properties);
            long bytes = d.getLong(p, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
            if (bytes <= mostWorkspace) {
              return new ExecutionPlan(d, p, bytes, engine(d, configuration), offered);
            }
            reason = new CudnnException("its workspace of " + bytes + " bytes is too large");
          } catch (CudnnException e) {
            reason = e;
          }
        }
      }
      throw reason != null ? reason : new CudnnException("cuDNN offers no engine");
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
    Descriptors d = new Descriptors(cudnn);
    try {
      long p = d.make(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
      // Without it cuDNN 9.24 ends the process.
      setTarget(d, p, device == null ? 0 : properties(d));
      d.setText(p, CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION, json);
      d.finish(p, "a plan that was kept");
      long configuration =
          d.getParts(p, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR)
              .getFirst();
      long bytes = d.getLong(p, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE);
      return new ExecutionPlan(d, p, bytes, engine(d, configuration), 0);
    } catch (RuntimeException e) {
      d.close();
      throw e;
    }
  }

  private long properties(Descriptors d) {
    long p = d.make(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
    d.setText(p, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, device);
    return d.finish(p, "the description of a GPU");
  }

  private static List<Long> configurations(Descriptors d, long graph, int mode, long properties) {
    long h = d.make(CUDNN_BACKEND_ENGINEHEUR_DESCRIPTOR);
    d.setParts(h, CUDNN_ATTR_ENGINEHEUR_OPERATION_GRAPH, graph);
    d.setInts(h, CUDNN_ATTR_ENGINEHEUR_MODE, CUDNN_TYPE_HEUR_MODE, mode);
    if (properties != 0) {
      d.setParts(h, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, properties);
    }
    d.finish(h, "a heuristic");
    return d.getParts(h, CUDNN_ATTR_ENGINEHEUR_RESULTS, CUDNN_BACKEND_ENGINECFG_DESCRIPTOR);
  }

  private long plan(Descriptors d, long configuration, long properties) {
    long p = d.make(CUDNN_BACKEND_EXECUTION_PLAN_DESCRIPTOR);
    setTarget(d, p, properties);
    d.setParts(p, CUDNN_ATTR_EXECUTION_PLAN_ENGINE_CONFIG, configuration);
    return d.finish(p, "a plan");
  }

  private void setTarget(Descriptors d, long plan, long properties) {
    if (properties == 0) {
      d.setLongs(plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, handle);
    } else {
      d.setParts(plan, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, properties);
    }
  }

  private static long engine(Descriptors d, long configuration) {
    long engine =
        d.getParts(configuration, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR)
            .getFirst();
    return d.getLong(engine, CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  }
}
