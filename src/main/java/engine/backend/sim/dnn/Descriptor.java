package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a {@code cudnnBackendDescriptor_t} points to: attributes until it is finalised, after that
 * also the record they stand for. Numbers are kept as {@code long}, real ones as their bits.
 */
final class Descriptor {
  final Kind kind;
  private final Map<Attribute, long[]> values = new EnumMap<>(Attribute.class);
  private final Map<Attribute, List<Descriptor>> parts = new EnumMap<>(Attribute.class);
  private Object meaning;

  Descriptor(Kind kind) {
    this.kind = kind;
  }

  boolean isFinalized() {
    return meaning != null;
  }

  /** Ends its making: {@code meaning} is what it stands for from now on. */
  void finish(Object meaning) {
    this.meaning = meaning;
  }

  /**
   * What it stands for.
   *
   * @throws DnnError if it was not finalised
   */
  <T> T as(Class<T> type) {
    if (meaning == null) {
      throw new DnnError(
          Status.BAD_PARAM_NOT_FINALIZED, "the %s descriptor is not finalised".formatted(kind));
    }
    return type.cast(meaning);
  }

  void set(Attribute a, long[] elements) {
    values.put(a, elements);
  }

  void set(Attribute a, long[] elements, List<Descriptor> descriptors) {
    values.put(a, elements);
    parts.put(a, descriptors);
  }

  boolean has(Attribute a) {
    return values.containsKey(a);
  }

  /** Null if it was not set. */
  long[] elements(Attribute a) {
    return values.get(a);
  }

  long number(Attribute a, long otherwise) {
    long[] v = values.get(a);
    return v == null ? otherwise : v[0];
  }

  long number(Attribute a) {
    return values.get(a)[0];
  }

  double real(Attribute a, double otherwise) {
    long[] v = values.get(a);
    return v == null ? otherwise : Double.longBitsToDouble(v[0]);
  }

  List<Descriptor> parts(Attribute a) {
    return parts.getOrDefault(a, List.of());
  }

  /** The attributes that were set. */
  Set<Attribute> attributes() {
    return Collections.unmodifiableSet(values.keySet());
  }

  /** The characters in an attribute, up to a 0. */
  String text(Attribute a) {
    StringBuilder s = new StringBuilder();
    for (long c : values.get(a)) {
      if (c == 0) {
        break;
      }
      s.append((char) (c & 0xff));
    }
    return s.toString();
  }

  /**
   * The finalised descriptor in an attribute.
   *
   * @throws DnnError {@code BAD_PARAM} if it is not set or not finalised
   */
  <T> T part(Attribute a, Class<T> type) {
    T part = optionalPart(a, type);
    if (part == null) {
      throw bad("%s is not set", a);
    }
    return part;
  }

  /** The same, or null if it is not set. */
  <T> T optionalPart(Attribute a, Class<T> type) {
    if (!has(a)) {
      return null;
    }
    Descriptor d = parts(a).getFirst();
    if (!d.isFinalized()) {
      throw bad("the descriptor in %s is not finalised", a);
    }
    return d.as(type);
  }
}
