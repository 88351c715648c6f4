package engine.nn;

import engine.autograd.ConvInfer;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;

/**
 * A convolution and the norm after it. They are modules of their own, with their own names;
 * together they know that at inference the norm can be folded into the convolution, and the
 * residual sum and the ReLU done in the same pass.
 */
public final class ConvNorm {
  private final Conv2d conv;
  private final BatchNorm2d norm;
  private Variable weight;
  private Variable bias;

  ConvNorm(Conv2d conv, BatchNorm2d norm) {
    this.conv = conv;
    this.norm = norm;
  }

  /** norm(conv(x)). */
  public Variable forward(Tape tape, Variable x) {
    if (isFolded(tape)) {
      return folded(tape, x, null, false);
    }
    Variable y = conv.forward(tape, x);
    Variable z = norm.forward(tape, y);
    tape.done(y);
    return z;
  }

  /** relu(norm(conv(x))). */
  public Variable relu(Tape tape, Variable x) {
    if (isFolded(tape)) {
      return folded(tape, x, null, true);
    }
    Variable y = conv.forward(tape, x);
    Variable z = norm.relu(tape, y);
    tape.done(y);
    return z;
  }

  /** relu(norm(conv(x)) + residual); at inference the residual is used up. */
  public Variable addRelu(Tape tape, Variable x, Variable residual) {
    if (isFolded(tape)) {
      return folded(tape, x, residual, true);
    }
    Variable y = conv.forward(tape, x);
    Variable z = norm.addRelu(tape, y, residual);
    tape.done(y);
    return z;
  }

  /** Folds the norm's present statistics into a copy of the weight, for tapes that only infer. */
  void fold(Backend backend) {
    unfold();
    var f = norm.foldInto(backend, conv.weight().value());
    weight = new Variable(f.weight(), false);
    bias = new Variable(f.bias(), false);
  }

  void unfold() {
    if (weight != null) {
      weight.close();
      bias.close();
      weight = null;
      bias = null;
    }
  }

  private boolean isFolded(Tape tape) {
    return weight != null && !tape.isTraining() && !tape.isRecording();
  }

  private Variable folded(Tape tape, Variable x, Variable residual, boolean relu) {
    Variable y = ConvInfer.apply(tape, x, weight, bias, residual, relu, conv.geometry());
    if (residual != null) {
      tape.done(residual);
    }
    return y;
  }
}
