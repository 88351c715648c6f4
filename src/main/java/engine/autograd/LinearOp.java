package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** y = x * w^T + b. */
public record LinearOp() implements Operation {
  static final Identity IDENTITY = new Identity("linear", Autocast.HALF);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return 2 * call.read() * call.shape(1).dim(0);
  }

  @Override
  public boolean isWeight(int i) {
    return i == 1 || i == 2;
  }

  /**
   * @param input x [N, I]
   * @param w [O, I]
   * @param b [O], or null
   * @return [N, O], F32
   */
  public static Variable apply(Tape tape, Variable input, Variable w, Variable b) {
    Variable x = tape.operand(IDENTITY, input);
    var linears = tape.backend().linears();
    Tensor y = linears.forward(x.value(), w.value(), b == null ? null : b.value());
    return tape.record(
        new LinearOp(),
        operands(x, w, b),
        y,
        dy -> {
          if (w.requiresGrad()) {
            tape.accumulate(w, linears.backwardWeight(dy, x.value()));
          }
          if (b != null && b.requiresGrad()) {
            tape.accumulate(b, linears.backwardBias(dy));
          }
          if (x.requiresGrad()) {
            tape.accumulate(x, linears.backwardData(dy, w.value(), x.value()));
          }
        });
  }
}
