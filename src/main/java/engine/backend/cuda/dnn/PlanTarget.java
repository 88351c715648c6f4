package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINEHEUR_DEVICEPROP;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_HANDLE;
import static engine.ffi.Cudnn.CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_TYPE_HANDLE;

/** The GPU that plans are for: that of a handle, or one that is only described. */
final class PlanTarget {
  private final Descriptors d;
  private final long handle;
  private final long properties;

  /**
   * @param d in which a description of the GPU is written
   * @param json description; null for the GPU of the handle
   */
  PlanTarget(Descriptors d, long handle, String json) {
    this.d = d;
    this.handle = handle;
    this.properties = json == null ? 0 : properties(d, json);
  }

  private static long properties(Descriptors d, String json) {
    long p = d.make(CUDNN_BACKEND_DEVICEPROP_DESCRIPTOR);
    d.setText(p, CUDNN_ATTR_DEVICEPROP_JSON_REPRESENTATION, json);
    return d.finish(p, "the description of a GPU");
  }

  /** Says it to a heuristic, which takes it from its graph where the graph has a handle. */
  void setInHeuristic(long heuristic) {
    if (properties != 0) {
      d.setParts(heuristic, CUDNN_ATTR_ENGINEHEUR_DEVICEPROP, properties);
    }
  }

  /** Says it to a plan. A plan without one that is made of text ends the process (cuDNN 9.24). */
  void setInPlan(long plan) {
    if (properties == 0) {
      d.setLongs(plan, CUDNN_ATTR_EXECUTION_PLAN_HANDLE, CUDNN_TYPE_HANDLE, handle);
    } else {
      d.setParts(plan, CUDNN_ATTR_EXECUTION_PLAN_DEVICEPROP, properties);
    }
  }
}
