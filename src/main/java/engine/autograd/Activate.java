package engine.autograd;

import engine.backend.Activation;
import engine.tensor.Tensor;

/** An {@link Activation}, element by element. */
public final class Activate {
  private Activate() {}

  /**
   * @return f(x), of the shape, type and layout of x
   */
  public static Variable apply(Tape tape, Activation f, Variable x) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.activation(f, x.value());
    return tape.describe(
        tape.record(
            f.name().toLowerCase(java.util.Locale.ROOT),
            y,
            x.requiresGrad(),
            dy ->
                tape.accumulate(
                    x,
                    elementwise.activationBackward(f, f.gradientFromOutput() ? y : x.value(), dy))),
        new Operation.Activate(f),
        x);
  }
}
