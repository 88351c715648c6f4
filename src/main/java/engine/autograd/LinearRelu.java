package engine.autograd;

import engine.backend.Activation;
import engine.tensor.Tensor;

/** {@link LinearOp} with a ReLU after it: in one pass where nobody needs what lies between them. */
public final class LinearRelu {
  private LinearRelu() {}

  /**
   * @param input x [N, I]
   * @param w [O, I]
   * @param b [O], or null
   * @return [N, O], F32
   */
  public static Variable apply(Tape tape, Variable input, Variable w, Variable b) {
    if (tape.isRecording() || tape.isTraced()) {
      return Activate.apply(tape, Activation.RELU, LinearOp.apply(tape, input, w, b));
    }
    Variable x = tape.operand("linear", input);
    Tensor y =
        tape.backend().linears().inferRelu(x.value(), w.value(), b == null ? null : b.value());
    return tape.record("linear", y, false, null);
  }
}
