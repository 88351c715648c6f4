package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a - b, broadcast by NumPy's rule. */
public record Sub() implements Operation {
  static final Identity IDENTITY = new Identity("sub", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return call.written();
  }

  public static Variable apply(Tape tape, Variable a, Variable b) {
    var elementwise = tape.backend().elementwise();
    Tensor y = elementwise.binary(Binary.SUB, a.value(), b.value());
    return tape.record(
        new Sub(),
        operands(a, b),
        y,
        dy -> {
          if (a.requiresGrad()) {
            tape.accumulate(a, elementwise.sumTo(dy, a.value()));
          }
          if (b.requiresGrad()) {
            try (Tensor db = elementwise.sumTo(dy, b.value())) {
              tape.accumulate(b, elementwise.scale(db, -1));
            }
          }
        });
  }
}
