package engine.autograd;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a - b, broadcast by NumPy's rule. */
public final class Sub {
  private Sub() {}

  public static Variable apply(Tape tape, Variable a, Variable b) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.binary(Binary.SUB, a.value(), b.value());
    return tape.describe(
        tape.record(
            "sub",
            y,
            Variable.anyRequiresGrad(a, b),
            dy -> {
              if (a.requiresGrad()) {
                tape.accumulate(a, elementwise.sumTo(dy, a.value()));
              }
              if (b.requiresGrad()) {
                try (Tensor db = elementwise.sumTo(dy, b.value())) {
                  tape.accumulate(b, elementwise.scale(db, -1));
                }
              }
            }),
        new Operation.Binary(Binary.SUB),
        a,
        b);
  }
}
