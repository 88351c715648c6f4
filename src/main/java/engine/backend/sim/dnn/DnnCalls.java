package engine.backend.sim.dnn;

import engine.backend.sim.driver.Handles;
import engine.backend.sim.driver.HostMemory;
import engine.backend.sim.driver.SimDevice;
import engine.backend.sim.driver.Use;
import engine.backend.sim.driver.Work;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Handles, versions, messages and execution. Every method is a C function of its name. */
final class DnnCalls {
  /** The version whose decisions it follows. */
  static final long VERSION = 92400;

  private static final long CUDART_VERSION = 13000;

  /** A {@code cudnnHandle_t}: the stream that its work goes to. */
  private static final class Handle {
    long stream;
  }

  private final SimDevice device;
  private final DnnErrors errors;
  private final DescriptorCalls descriptors;
  private final Execution execution;
  private final Map<Integer, Long> names = new HashMap<>();
  private final Handles<Handle> handles =
      new Handles<>("cudnnHandle_t", 8, reason -> new DnnError(Status.BAD_PARAM, reason));

  DnnCalls(SimDevice device, DnnErrors errors, DescriptorCalls descriptors, Execution execution) {
    this.device = device;
    this.errors = errors;
    this.descriptors = descriptors;
    this.execution = execution;
  }

  long cudnnGetVersion() {
    return VERSION;
  }

  long cudnnGetCudartVersion() {
    return CUDART_VERSION;
  }

  /** A name that lives as long as the device. */
  long cudnnGetErrorString(int status) {
    return names.computeIfAbsent(
        status,
        s -> {
          String name = Status.nameOf(s);
          return device
              .arena()
              .allocateFrom(name == null ? "CUDNN_UNKNOWN_STATUS" : name)
              .address();
        });
  }

  void cudnnGetLastErrorString(long message, long maxSize) {
    if (message != 0 && maxSize > 0) {
      int room = (int) Math.min(maxSize, Integer.MAX_VALUE);
      HostMemory.putString(message, "message", room, errors.takeMessages());
    }
  }

  void cudnnCreate(long handle) {
    notNull(handle, "handle");
    device.requireContext();
    HostMemory.putLong(handle, "handle", handles.add(new Handle()));
  }

  void cudnnDestroy(long handle) {
    handles.remove(handle);
  }

  void cudnnSetStream(long handle, long streamId) {
    handles.get(handle).stream = streamId;
  }

  void cudnnGetStream(long handle, long streamId) {
    notNull(streamId, "streamId");
    HostMemory.putLong(streamId, "streamId", handles.get(handle).stream);
  }

  void cudnnBackendExecute(long handle, long executionPlan, long variantPack) {
    device.requireContext();
    Handle h = handles.get(handle);
    ExecutionPlan plan =
        descriptors.get(executionPlan, "executionPlan", Kind.PLAN).as(ExecutionPlan.class);
    VariantPack pack =
        descriptors.get(variantPack, "variantPack", Kind.VARIANT_PACK).as(VariantPack.class);
    Runnable action = execution.prepare(plan, pack);
    device.submit(h.stream, new Work("cudnnBackendExecute", uses(plan, pack), action));
  }

  private static List<Use> uses(ExecutionPlan plan, VariantPack pack) {
    Set<Long> written = plan.engine().graph().written();
    List<Use> uses = new ArrayList<>();
    pack.pointers().forEach((uid, at) -> uses.add(Use.through(at, written.contains(uid))));
    uses.add(Use.through(pack.workspace(), true));
    return uses;
  }

  static void notNull(long pointer, String name) {
    if (pointer == 0) {
      throw new DnnError(Status.BAD_PARAM_NULL_POINTER, name + " is null");
    }
  }
}
