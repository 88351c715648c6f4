package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.driver.Handles;
import engine.backend.sim.driver.HostMemory;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Making, filling, finalising and reading descriptors. Every method is a C function of its name.
 */
final class DescriptorCalls {
  /** Attributes that are read by filling descriptors, and of which kind these are. */
  private static final Map<Attribute, Kind> ANSWERED =
      Map.of(
          Attribute.HEURISTIC_RESULTS, Kind.ENGINE_CONFIG,
          Attribute.PLAN_ENGINE_CONFIG, Kind.ENGINE_CONFIG,
          Attribute.ENGINE_CONFIG_ENGINE, Kind.ENGINE);

  private final Handles<Descriptor> descriptors =
      new Handles<>(
          "cudnnBackendDescriptor_t", 9, reason -> new DnnError(Status.BAD_PARAM, reason));
  private final DeviceProperties device;

  /**
   * @param device what plans are for, unless they are for another that is described
   */
  DescriptorCalls(DeviceProperties device) {
    this.device = device;
  }

  /**
   * The descriptor of a handle.
   *
   * @throws DnnError if there is none, or of another kind
   */
  Descriptor get(long handle, String name, Kind kind) {
    DnnCalls.notNull(handle, name);
    Descriptor d = descriptors.get(handle);
    if (d.kind != kind) {
      throw new DnnError(
          Status.BAD_PARAM_DESCRIPTOR_TYPE,
          "%s is a %s descriptor, not a %s".formatted(name, d.kind, kind));
    }
    return d;
  }

  private Descriptor get(long handle) {
    DnnCalls.notNull(handle, "descriptor");
    return descriptors.get(handle);
  }

  void cudnnBackendCreateDescriptor(int descriptorType, long descriptor) {
    DnnCalls.notNull(descriptor, "descriptor");
    Kind kind = Kind.of(descriptorType);
    if (kind == null) {
      throw new DnnError(
          Status.NOT_SUPPORTED,
          "the software GPU has no descriptor of type %d".formatted(descriptorType));
    }
    HostMemory.putLong(descriptor, "descriptor", descriptors.add(new Descriptor(kind)));
  }

  void cudnnBackendDestroyDescriptor(long descriptor) {
    if (descriptor != 0) {
      descriptors.remove(descriptor);
    }
  }

  void cudnnBackendFinalize(long descriptor) {
    Descriptor d = get(descriptor);
    if (d.isFinalized()) {
      throw bad("the %s descriptor is finalised already", d.kind);
    }
    d.finish(Finalizing.meaning(d, device));
  }

  // ---- writing ----

  void cudnnBackendSetAttribute(
      long descriptor, int attributeName, int attributeType, long elementCount, long elements) {
    Descriptor d = get(descriptor);
    if (d.isFinalized()) {
      throw bad("the %s descriptor is finalised: nothing can be set any more", d.kind);
    }
    Attribute a = attribute(d, attributeName, attributeType);
    if (a.access == Attribute.Access.ANSWER) {
      throw bad("%s can only be read", a);
    }
    if (elementCount < 1 || elementCount > a.most) {
      throw bad("%s takes 1 to %d elements, not %d", a, a.most, elementCount);
    }
    DnnCalls.notNull(elements, "arrayOfElements");
    MemorySegment array = HostMemory.slice(elements, elementCount * a.type.bytes);
    long[] values = new long[(int) elementCount];
    for (int i = 0; i < values.length; i++) {
      values[i] = Elements.read(a.type, array, i);
    }
    if (a.type == ValueType.BACKEND_DESCRIPTOR) {
      d.set(a, values, parts(a, values));
    } else {
      d.set(a, values);
    }
  }

  private List<Descriptor> parts(Attribute a, long[] handles) {
    List<Descriptor> parts = new ArrayList<>();
    for (long handle : handles) {
      Descriptor part = get(handle);
      if (a.holds != null && part.kind != a.holds) {
        throw new DnnError(
            Status.BAD_PARAM_DESCRIPTOR_TYPE,
            "%s takes %s descriptors, not a %s".formatted(a, a.holds, part.kind));
      }
      if (a == Attribute.GRAPH_OPS) {
        part.as(Operation.class); // these must be finalised before they are set
      }
      parts.add(part);
    }
    return parts;
  }

  private static Attribute attribute(Descriptor d, int name, int type) {
    Attribute a = Attribute.of(name);
    if (a == null || a.owner != d.kind) {
      throw bad("a %s descriptor has no attribute %s", d.kind, a == null ? name : a);
    }
    if (ValueType.of(type) != a.type) {
      throw new DnnError(
          Status.BAD_PARAM_ATTRIBUTE_TYPE,
          "%s holds elements of type %s, not %s"
              .formatted(a, a.type, ValueType.of(type) == null ? type : ValueType.of(type)));
    }
    return a;
  }

  // ---- reading ----

  void cudnnBackendGetAttribute(
      long descriptor,
      int attributeName,
      int attributeType,
      long requested,
      long elementCount,
      long elements) {
    Descriptor d = get(descriptor);
    if (!d.isFinalized()) {
      throw new DnnError(
          Status.NOT_INITIALIZED, "the %s descriptor is not finalised".formatted(d.kind));
    }
    Attribute a = attribute(d, attributeName, attributeType);
    if (requested < 0) {
      throw bad("requestedElementCount is %d", requested);
    }
    if (ANSWERED.containsKey(a)) {
      answerDescriptors(d, a, requested, elementCount, elements);
      return;
    }
    long[] values = Answers.of(d, a);
    int count = (int) Math.min(requested, values.length);
    putCount(elementCount, requested == 0 ? values.length : count);
    if (count > 0) {
      DnnCalls.notNull(elements, "arrayOfElements");
      MemorySegment array = HostMemory.slice(elements, (long) count * a.type.bytes);
      for (int i = 0; i < count; i++) {
        Elements.write(a.type, array, i, values[i]);
      }
    }
  }

  /**
   * Fills descriptors that the caller made: configurations of a heuristic or a plan, a
   * configuration's engine.
   */
  private void answerDescriptors(
      Descriptor d, Attribute a, long requested, long elementCount, long elements) {
    List<?> answers =
        switch (a) {
          case HEURISTIC_RESULTS ->
              d.as(Heuristic.class).engines().stream()
                  .map(ExecutionPlan.Configuration::new)
                  .toList();
          case PLAN_ENGINE_CONFIG ->
              List.of(new ExecutionPlan.Configuration(d.as(ExecutionPlan.class).engine()));
          default -> List.of(d.as(ExecutionPlan.Configuration.class).engine());
        };
    Kind wanted = ANSWERED.get(a);
    int count = (int) Math.min(requested, answers.size());
    putCount(elementCount, requested == 0 ? answers.size() : count);
    if (count > 0) {
      DnnCalls.notNull(elements, "arrayOfElements");
    }
    for (int i = 0; i < count; i++) {
      long handle = HostMemory.getLong(elements + 8L * i);
      Descriptor target = get(handle, "element %d of %s".formatted(i, a), wanted);
      if (target.isFinalized()) {
        throw bad("element %d of %s is finalised already", i, a);
      }
      target.finish(answers.get(i));
    }
  }

  private static void putCount(long elementCount, long count) {
    if (elementCount != 0) {
      HostMemory.putLong(elementCount, "elementCount", count);
    }
  }
}
