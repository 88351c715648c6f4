package engine.nn;

import engine.autograd.ConvInfer;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.quant.QuantizerSet;

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
  private QuantizerSet quantizers;
  private String name;

  ConvNorm(Conv2d conv, BatchNorm2d norm) {
    this.conv = conv;
    this.norm = norm;
  }

  /** norm(conv(x)). */
  public Variable forward(Tape tape, Variable x) {
    if (quantizers != null) {
      return quantized(tape, x, null, false);
    }
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
    if (quantizers != null) {
      return quantized(tape, x, null, true);
    }
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
    if (quantizers != null) {
      return quantized(tape, x, residual, true);
    }
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

  Conv2d conv() {
    return conv;
  }

  /**
   * From now on rounds weights and results as the int8 network will.
   *
   * @param set null to go back to plain numbers
   * @param layer the convolution's full name
   */
  void quantize(QuantizerSet set, String layer) {
    quantizers = set;
    name = layer;
  }

  /**
   * Rounds the weight as it is when the norm is folded into it, and the result after all else. A
   * sum that has no ReLU is signed.
   */
  private Variable quantized(Tape tape, Variable x, Variable residual, boolean relu) {
    int channels = conv.weight().shape().size(0);
    Variable w = norm.round(tape, conv.weight(), quantizers.weight(name, channels));
    Variable y = engine.autograd.Conv2d.apply(tape, x, w, null, conv.geometry());
    Variable z =
        residual != null
            ? norm.addRelu(tape, y, residual)
            : relu ? norm.relu(tape, y) : norm.forward(tape, y);
    tape.done(y);
    Variable q = quantizers.activation(name, !relu).apply(tape, z);
    if (q != z) {
      tape.done(z);
    }
    return q;
  }

  private boolean isFolded(Tape tape) {
    return weight != null && !tape.isTraining() && !tape.isRecording() && !tape.isTraced();
  }

  private Variable folded(Tape tape, Variable x, Variable residual, boolean relu) {
    Variable y = ConvInfer.apply(tape, x, weight, bias, residual, relu, conv.geometry());
    if (residual != null) {
      tape.done(residual);
    }
    return y;
  }
}
