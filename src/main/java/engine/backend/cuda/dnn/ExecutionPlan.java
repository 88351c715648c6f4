package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINECFG_ENGINE;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINE_GLOBAL_INDEX;
import static engine.ffi.Cudnn.CUDNN_ATTR_ENGINE_NUMERICAL_NOTE;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION;
import static engine.ffi.Cudnn.CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE;
import static engine.ffi.Cudnn.CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS;
import static engine.ffi.Cudnn.CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS;
import static engine.ffi.Cudnn.CUDNN_ATTR_VARIANT_PACK_WORKSPACE;
import static engine.ffi.Cudnn.CUDNN_BACKEND_ENGINE_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR;
import static engine.ffi.Cudnn.CUDNN_NUMERICAL_NOTE_TENSOR_CORE;
import static engine.ffi.Cudnn.CUDNN_TYPE_INT64;
import static engine.ffi.Cudnn.CUDNN_TYPE_NUMERICAL_NOTE;
import static engine.ffi.Cudnn.CUDNN_TYPE_VOID_PTR;

import java.util.Map;
import java.util.Set;

/** A graph that cuDNN has planned; owner of its descriptors. */
public final class ExecutionPlan implements AutoCloseable {
  private final Descriptors descriptors;
  private final long plan;
  private final long workspaceBytes;
  private final long engine;
  private final Set<Integer> notes;
  private final int offered;

  private ExecutionPlan(
      Descriptors descriptors,
      long plan,
      long workspaceBytes,
      long engine,
      Set<Integer> notes,
      int offered) {
    this.descriptors = descriptors;
    this.plan = plan;
    this.workspaceBytes = workspaceBytes;
    this.engine = engine;
    this.notes = notes;
    this.offered = offered;
  }

  /** A finalised plan, owner of {@code d} from now on. */
  static ExecutionPlan of(Descriptors d, long plan, long configuration, int offered) {
    long engine = engine(d, configuration);
    return new ExecutionPlan(
        d,
        plan,
        d.getLong(plan, CUDNN_ATTR_EXECUTION_PLAN_WORKSPACE_SIZE),
        number(d, engine),
        notes(d, engine),
        offered);
  }

  /** What cuDNN notes of an engine's numbers: {@code CUDNN_NUMERICAL_NOTE_…} constants. */
  static Set<Integer> notes(Descriptors d, long engine) {
    return d.getInts(engine, CUDNN_ATTR_ENGINE_NUMERICAL_NOTE, CUDNN_TYPE_NUMERICAL_NOTE);
  }

  /** See {@link #engine()}. */
  static long number(Descriptors d, long engine) {
    return d.getLong(engine, CUDNN_ATTR_ENGINE_GLOBAL_INDEX);
  }

  /** The engine of a configuration. */
  static long engine(Descriptors d, long configuration) {
    return d.getParts(configuration, CUDNN_ATTR_ENGINECFG_ENGINE, CUDNN_BACKEND_ENGINE_DESCRIPTOR)
        .getFirst();
  }

  public long workspaceBytes() {
    return workspaceBytes;
  }

  /** cuDNN's number of the engine, which means something for a kind of graph only. */
  public long engine() {
    return engine;
  }

  /** Whether the products are done by tensor cores. */
  public boolean usesTensorCores() {
    return notes.contains(CUDNN_NUMERICAL_NOTE_TENSOR_CORE);
  }

  /**
   * How many engine configurations the heuristics had offered when this plan was found; 0 if it was
   * restored.
   */
  public int offered() {
    return offered;
  }

  /** What {@link Planner#restore} makes the plan of again, with all its compiled kernels. */
  public String json() {
    return descriptors.getText(plan, CUDNN_ATTR_EXECUTION_PLAN_JSON_REPRESENTATION);
  }

  /**
   * Starts the plan on the handle's stream.
   *
   * @param data device addresses by the ids of the graph's tensors
   * @param workspace device address of {@link #workspaceBytes} bytes; 0 where there are none
   */
  public void execute(long handle, Map<Long, Long> data, long workspace) {
    try (Descriptors d = new Descriptors(descriptors.cudnn)) {
      long[] ids = new long[data.size()];
      long[] addresses = new long[data.size()];
      int n = 0;
      for (var e : data.entrySet()) {
        ids[n] = e.getKey();
        addresses[n++] = e.getValue();
      }
      long pack = d.make(CUDNN_BACKEND_VARIANT_PACK_DESCRIPTOR);
      d.setLongs(pack, CUDNN_ATTR_VARIANT_PACK_UNIQUE_IDS, CUDNN_TYPE_INT64, ids);
      d.setLongs(pack, CUDNN_ATTR_VARIANT_PACK_DATA_POINTERS, CUDNN_TYPE_VOID_PTR, addresses);
      if (workspace != 0) {
        d.setLongs(pack, CUDNN_ATTR_VARIANT_PACK_WORKSPACE, CUDNN_TYPE_VOID_PTR, workspace);
      }
      d.finish(pack, "a variant pack");
      Descriptors.check(
          d.cudnn, d.cudnn.cudnnBackendExecute(handle, plan, pack), "cudnnBackendExecute");
    }
  }

  @Override
  public void close() {
    descriptors.close();
  }
}
