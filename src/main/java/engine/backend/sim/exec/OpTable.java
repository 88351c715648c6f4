package engine.backend.sim.exec;

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The methods that compute instructions, by the {@link Ptx} forms written on them. */
final class OpTable {
  private static final Map<String, Method> METHODS = new HashMap<>();

  static {
    List<Class<?>> homes =
        List.of(IntegerOps.class, BitOps.class, FloatOps.class, CompareOps.class, ConvertOps.class);
    for (Class<?> home : homes) {
      for (Method m : home.getDeclaredMethods()) {
        Ptx ptx = m.getAnnotation(Ptx.class);
        if (ptx != null) {
          for (String form : ptx.value()) {
            METHODS.put(form, m);
          }
        }
      }
    }
  }

  private OpTable() {}

  /** Null if no method computes {@code form}. */
  static Method method(String form) {
    return METHODS.get(form);
  }
}
