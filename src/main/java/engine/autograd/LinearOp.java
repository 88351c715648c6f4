package engine.autograd;

import engine.tensor.Tensor;

/** y = x * w^T + b. */
public final class LinearOp {
  private LinearOp() {}

  /**
   * @param input x [N, I]
   * @param w [O, I]
   * @param b [O], or null
   * @return [N, O], F32
   */
  public static Variable apply(Tape tape, Variable input, Variable w, Variable b) {
    Variable x = tape.operand("linear", input);
    tape.reads(x, w, b);
    var linears = tape.backend().linears();
    Tensor y = linears.forward(x.value(), w.value(), b == null ? null : b.value());
    boolean grad = x.requiresGrad() || w.requiresGrad() || (b != null && b.requiresGrad());
    return tape.describe(
        tape.record(
            "linear",
            y,
            grad,
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
            }),
        new Operation.Linear(),
        x,
        w,
        b);
  }

  /** Multiply-adds times two of a forward. */
  public static long flops(long n, long in, long out) {
    return 2 * n * in * out;
  }
}
