package engine.autograd;

import engine.tensor.Tensor;
import java.util.IdentityHashMap;
import java.util.Map;

/** Which layer and op a tape is at, for a {@link TapeObserver}. */
final class Observation {
  private final TapeObserver observer;
  private final Map<Variable, String> names = new IdentityHashMap<>();

  /** Full names of layers, by their parameters and by what ops made of those: rounded weights. */
  private final Map<Variable, String> layers = new IdentityHashMap<>();

  private String layer = "";
  private TapeObserver.Op running;

  Observation(TapeObserver observer, Map<String, Parameter> parameters) {
    this.observer = observer;
    parameters.forEach(
        (name, p) -> {
          names.put(p, name);
          layers.put(p, name.substring(0, Math.max(0, name.lastIndexOf('.'))));
        });
  }

  TapeObserver.Op forward(Operation op, Variable[] inputs, Variable output) {
    String read = null;
    for (Variable v : inputs) {
      read = read == null && v != null ? layers.get(v) : read;
    }
    if (read != null) {
      layer = read;
      if (layers.containsKey(inputs[0])) {
        layers.put(output, read);
      }
    }
    Call call = Call.of(inputs, output);
    var seen = new TapeObserver.Op(op, call, layer, read != null, op.computesIn(call));
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
