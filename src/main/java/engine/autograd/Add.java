package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a + b, broadcast by NumPy's rule. */
public record Add() implements Operation {
  static final Identity IDENTITY = new Identity("add", Autocast.AS_GIVEN);

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
    Tensor y = elementwise.binary(Binary.ADD, a.value(), b.value());
    return tape.record(
        new Add(),
        operands(a, b),
        y,
        dy -> {
          if (a.requiresGrad()) {
            tape.accumulate(a, elementwise.sumTo(dy, a.value()));
          }
          if (b.requiresGrad()) {
            tape.accumulate(b, elementwise.sumTo(dy, b.value()));
          }
        });
  }
}
