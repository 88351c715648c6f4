package engine.nn;

import engine.autograd.BatchNorm.After;
import engine.autograd.Conv2dOp;
import engine.autograd.Conv2dOp.ForNorm;
import engine.autograd.ConvInfer;
import engine.autograd.Held;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.tensor.Tensor;
import java.util.List;

/**
 * A convolution and the norm that alone reads it. At inference the norm can be folded into the
 * convolution; the residual sum and the ReLU that may follow are done in the same pass.
 */
final class ConvNorm {
  private final Conv2d conv;
  private final BatchNorm2d norm;
  private Variable weight;
  private Variable bias;
  private Rounding rounding;
  private String name;

  /** Whether what follows is rounded in place of what the norm gives. */
  private final boolean activated;

  ConvNorm(Conv2d conv, BatchNorm2d norm, boolean activated) {
    this.conv = conv;
    this.norm = norm;
    this.activated = activated;
  }

  /** The convolution, which waits for its norm. */
  record Convolution(ConvNorm pair, Variable x) implements Held {
    @Override
    public List<Variable> reads() {
      return List.of(x);
    }

    @Override
    public Variable compute(Tape tape, After after) {
      return after.isNothing() ? pair.conv.alone(tape, x) : null;
    }
  }

  /** The norm, which waits for what follows it. */
  record Norm(BatchNorm2d norm, Variable x) implements Held {
    @Override
    public List<Variable> reads() {
      return List.of(x);
    }

    @Override
    public Variable compute(Tape tape, After after) {
      return x.takeIn() instanceof Convolution c && c.pair.norm == norm
          ? c.pair.forward(tape, c.x, after)
          : norm.forward(tape, new ForNorm(x.computed(), null), after);
    }
  }

  private Variable forward(Tape tape, Variable given, After after) {
    Variable x = given.computedForConvolution();
    if (after.residual() != null) {
      after.residual().computed();
    }
    if (rounding != null) {
      return rounded(tape, x, after);
    }
    return isFolded(tape) ? folded(tape, x, after) : normalized(tape, x, conv.weight(), after);
  }

  private Variable normalized(Tape tape, Variable x, Variable w, After after) {
    Conv2dGeometry g = conv.geometry(x.shape());
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
    if (activated) {
      return z;
    }
    Variable q = rounding.result(tape, name, z, !after.relu());
    if (q != z) {
      tape.done(z);
    }
    return q;
  }

  private boolean isFolded(Tape tape) {
    return weight != null && !tape.isTraining() && !tape.isRecording() && !tape.isTraced();
  }

  private static Variable copy(Tape tape, Tensor t) {
    Tensor own = tape.backend().memory().emptyLike(t);
    tape.backend().memory().copyInPlace(t, own);
    return tape.constant(own);
  }

  private Variable folded(Tape tape, Variable x, After after) {
    Variable residual = after.residual();
    if (residual != null && !tape.usesUp(residual)) {
      residual = copy(tape, residual.value());
    }
    Conv2dGeometry g = conv.geometry(x.shape());
    Variable y = ConvInfer.apply(tape, x, weight, bias, residual, after.relu(), g);
    if (residual != null) {
      tape.done(residual);
    }
    return y;
  }
}
