package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which layer and op a tape is at, for a {@link TapeObserver}. */
final class Observation {
  private final TapeObserver observer;
  private final Map<Variable, String> names = new IdentityHashMap<>();
  private String layer = "";
  private DType computes;
  private TapeObserver.Op running;

  Observation(TapeObserver observer, Map<String, Parameter> parameters) {
    this.observer = observer;
    parameters.forEach((name, p) -> names.put(p, name));
  }

  /** The op that is recorded next computes in this type and reads these; nulls are allowed. */
  void reads(DType type, Variable... parameters) {
    computes = type;
    for (Variable p : parameters) {
      String name = p == null ? null : names.get(p);
      if (name != null) {
        layer = name.substring(0, Math.max(0, name.lastIndexOf('.')));
        return;
      }
    }
  }

  TapeObserver.Op forward(String op, Variable output) {
    DType type = computes == null ? output.dtype() : computes;
    var seen = new TapeObserver.Op(layer, computes != null, op, type);
    computes = null;
    observer.forward(seen, output);
    return seen;
  }

  /** The backward of this op runs now. */
  void runs(TapeObserver.Op op) {
    running = op;
  }

  void backward(Variable of, Tensor gradient) {
    if (running != null) {
      observer.backward(running, of, names.get(of), gradient);
    }
  }
}
