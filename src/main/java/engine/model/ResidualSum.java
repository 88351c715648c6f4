package engine.model;

import engine.autograd.Activate;
import engine.autograd.Add;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Activation;
import engine.nn.Cbam;
import engine.nn.ConvNorm;

/** How a residual block ends: relu(branch + shortcut), with attention on the branch or without. */
record ResidualSum(ConvNorm last, Cbam attention) {
  /**
   * @param x what the branch's last convolution reads
   * @param shortcut used up at inference where there is no attention
   */
  Variable apply(Tape tape, Variable x, Variable shortcut) {
    if (attention == null) {
      return last.addRelu(tape, x, shortcut);
    }
    Variable branch = last.forward(tape, x);
    Variable seen = attention.forward(tape, branch);
    tape.done(branch);
    Variable sum = Add.apply(tape, seen, shortcut);
    tape.done(seen);
    Variable y = Activate.apply(tape, Activation.RELU, sum);
    tape.done(sum);
    return y;
  }
}
