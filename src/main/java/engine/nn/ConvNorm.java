package engine.nn;

import engine.autograd.BatchNorm.After;
import engine.autograd.Conv2dOp;
import engine.autograd.Conv2dOp.ForNorm;
import engine.autograd.ConvInfer;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;

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
  private Rounding rounding;
  private String name;

  ConvNorm(Conv2d conv, BatchNorm2d norm) {
    this.conv = conv;
    this.norm = norm;
  }

  /** norm(conv(x)). */
  public Variable forward(Tape tape, Variable x) {
    return forward(tape, x, After.NOTHING);
  }

  /** relu(norm(conv(x))). */
  public Variable relu(Tape tape, Variable x) {
    return forward(tape, x, After.RELU);
  }

  /** The same where a pair of convolution and norm reads the result, and nothing else. */
  public Variable reluForConvolution(Tape tape, Variable x) {
    return forward(tape, x, After.RELU_FOR_CONVOLUTION);
  }

  /** relu(norm(conv(x)) + residual); at inference the residual is used up. */
  public Variable addRelu(Tape tape, Variable x, Variable residual) {
    return forward(tape, x, After.addRelu(residual));
  }

  private Variable forward(Tape tape, Variable x, After after) {
    if (rounding != null) {
      return rounded(tape, x, after);
    }
    if (isFolded(tape)) {
      return folded(tape, x, after);
    }
    return normalized(tape, x, conv.weight(), after);
  }

  private Variable normalized(Tape tape, Variable x, Variable w, After after) {
    Conv2dGeometry g = conv.geometry();
    var y =
        norm.usesBatch(tape)
            ? Conv2dOp.applyForNorm(tape, x, w, g)
            : new ForNorm(Conv2dOp.apply(tape, x, w, null, g), null);
    Variable z = norm.forward(tape, y, after);
    tape.done(y.y());
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

  Conv2d conv() {
    return conv;
  }

  /**
   * @param r null to go back to plain numbers
   * @param layer the convolution's full name
   */
  void roundWith(Rounding r, String layer) {
    rounding = r;
    name = layer;
  }

  /** Rounds the weight as it is when the norm is folded into it, and the result after all else. */
  private Variable rounded(Tape tape, Variable x, After after) {
    Variable w = norm.round(tape, conv.weight(), rounding, name);
    Variable z = normalized(tape, x, w, new After(after.residual(), after.relu(), false));
    Variable q = rounding.result(tape, name, z, !after.relu());
    if (q != z) {
      tape.done(z);
    }
    return q;
  }

  private boolean isFolded(Tape tape) {
    return weight != null && !tape.isTraining() && !tape.isRecording() && !tape.isTraced();
  }

  private Variable folded(Tape tape, Variable x, After after) {
    Variable residual = after.residual();
    Variable y = ConvInfer.apply(tape, x, weight, bias, residual, after.relu(), conv.geometry());
    if (residual != null) {
      tape.done(residual);
    }
    return y;
  }
}
