package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/** a * b, broadcast by NumPy's rule. */
public record Mul() implements Operation {
  static final Identity IDENTITY = new Identity("mul", Autocast.AS_GIVEN);

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
    Tensor y = elementwise.binary(Binary.MUL, a.value(), b.value());
    return tape.record(
        new Mul(),
        operands(a, b),
        y,
        dy -> {
          send(tape, a, dy, b);
          send(tape, b, dy, a);
        });
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
