package engine.nn;

import engine.base.Setting;
import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Saved weights that do not fit a model; the message counts and names what differs. */
public final class StateMismatchException extends UserError {
  private static final long serialVersionUID = 1L;

  StateMismatchException(String message) {
    super(message);
  }

  static void check(Map<String, Tensor> model, Map<String, HostTensor> state) {
    List<String> missing = new ArrayList<>();
    List<String> shapes = new ArrayList<>();
    model.forEach(
        (n, t) -> {
          HostTensor h = state.get(n);
          if (h == null) {
            missing.add(n);
          } else if (!h.shape().equals(t.shape())) {
            shapes.add(n + " is " + h.shape() + " and should be " + t.shape());
          }
        });
    List<String> unexpected = state.keySet().stream().filter(n -> !model.containsKey(n)).toList();
    if (missing.isEmpty() && shapes.isEmpty() && unexpected.isEmpty()) {
      return;
    }
    List<String> parts = new ArrayList<>();
    add(parts, "missing", missing);
    add(parts, "unexpected", unexpected);
    add(parts, "of another shape", shapes);
    throw new StateMismatchException(
        "these weights are of another model: "
            + String.join("; ", parts)
            + "; use the checkpoint's own "
            + Setting.MODEL
            + ", "
            + Setting.WIDTH
            + " and classes");
  }

  private static void add(List<String> parts, String what, List<String> names) {
    if (!names.isEmpty()) {
      String more = names.size() > 3 ? ", and " + (names.size() - 3) + " more" : "";
      parts.add(
          names.size()
              + " "
              + what
              + " ("
              + String.join(", ", names.subList(0, Math.min(3, names.size())))
              + more
              + ")");
    }
  }
}
