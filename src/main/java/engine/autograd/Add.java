package engine.autograd;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a + b, broadcast by NumPy's rule. */
public final class Add {
  private Add() {}

  public static Variable apply(Tape tape, Variable a, Variable b) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.binary(Binary.ADD, a.value(), b.value());
    return tape.describe(
        tape.record(
            "add",
            y,
            Variable.anyRequiresGrad(a, b),
            dy -> {
              if (a.requiresGrad()) {
                tape.accumulate(a, elementwise.sumTo(dy, a.value()));
              }
              if (b.requiresGrad()) {
                tape.accumulate(b, elementwise.sumTo(dy, b.value()));
              }
            }),
        new Operation.Binary(Binary.ADD),
        a,
        b);
  }
}
