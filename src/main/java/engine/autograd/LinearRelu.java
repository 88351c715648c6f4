package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Activation;
import engine.tensor.Tensor;

/** {@link LinearOp} with a ReLU after it: in one pass where nobody needs what lies between them. */
public record LinearRelu() implements Operation {
  static final Identity IDENTITY = new Identity("linear_relu", Autocast.HALF);

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
    if (tape.isRecording() || tape.isTraced()) {
      return Activate.apply(tape, Activation.RELU, LinearOp.apply(tape, input, w, b));
    }
    Variable x = tape.operand(IDENTITY, input);
    Tensor y =
        tape.backend().linears().inferRelu(x.value(), w.value(), b == null ? null : b.value());
    return tape.record(new LinearRelu(), operands(x, w, b), y, null);
  }
}
