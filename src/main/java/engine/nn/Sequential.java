package engine.nn;

import engine.autograd.Tape;
import engine.autograd.Variable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/**
 * Layers one after another, named 0, 1, 2, … What one gives is read by the next alone, so that
 * memory goes back as early as can be: with a layer's result goes all that it made on the way. The
 * input stays the caller's.
 */
public final class Sequential extends Module {
  private final SequencedMap<String, Layer> layers = new LinkedHashMap<>();

  /** Appends a layer. */
  public Sequential add(Module layer) {
    String name = Integer.toString(layers.size());
    layers.put(name, child(name, layer));
    return this;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return forward(tape, x, (_, _) -> {});
  }

  /**
   * The same with an onlooker.
   *
   * @param seen is shown what each layer gives, by the layer's name
   */
  public Variable forward(Tape tape, Variable x, BiConsumer<String, Variable> seen) {
    return run(tape, x, layers, seen);
  }

  /** The same for layers that are not one module's children. */
  public static Variable run(
      Tape tape,
      Variable x,
      SequencedMap<String, Layer> layers,
      BiConsumer<String, Variable> seen) {
    Variable y = x;
    for (Map.Entry<String, Layer> layer : layers.entrySet()) {
      UnaryOperator<Variable> forward = in -> layer.getValue().forward(tape, in);
      y = y == x ? tape.within(y, forward) : tape.consume(y, forward);
      seen.accept(layer.getKey(), y);
    }
    return y;
  }
}
