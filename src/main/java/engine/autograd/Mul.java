package engine.autograd;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a * b, broadcast by NumPy's rule. */
public final class Mul {
  private Mul() {}

  public static Variable apply(Tape tape, Variable a, Variable b) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.binary(Binary.MUL, a.value(), b.value());
    return tape.describe(
        tape.record(
            "mul",
            y,
            Variable.anyRequiresGrad(a, b),
            dy -> {
              send(tape, a, dy, b);
              send(tape, b, dy, a);
            }),
        new Operation.Binary(Binary.MUL),
        a,
        b);
  }

  /** d to += dy * other, summed over what was broadcast. */
  private static void send(Tape tape, Variable to, Tensor dy, Variable other) {
    if (to.requiresGrad()) {
      var elementwise = tape.backend().elementwise();
      try (Tensor g = elementwise.binary(Binary.MUL, dy, other.value())) {
        tape.accumulate(to, elementwise.sumTo(g, to.value()));
      }
    }
  }
}
