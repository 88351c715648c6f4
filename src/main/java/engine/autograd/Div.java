package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a / b, broadcast by NumPy's rule. */
public record Div() implements Operation {
  static final Identity IDENTITY = new Identity("div", Autocast.AS_GIVEN);

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
    Tensor y = elementwise.binary(Binary.DIV, a.value(), b.value());
    return tape.record(
        new Div(),
        operands(a, b),
        y,
        dy -> {
          try (Tensor g = elementwise.binary(Binary.DIV, dy, b.value())) {
            if (a.requiresGrad()) {
              tape.accumulate(a, elementwise.sumTo(g, a.value()));
            }
            if (b.requiresGrad()) {
              // d(a/b)/db = -(a/b)/b
              try (Tensor gy = elementwise.binary(Binary.MUL, g, y);
                  Tensor db = elementwise.sumTo(gy, b.value())) {
                tape.accumulate(b, elementwise.scale(db, -1));
              }
            }
          }
        });
  }
}
