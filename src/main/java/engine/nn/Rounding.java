package engine.nn;

import engine.autograd.BatchNorm;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.tensor.Tensor;

/**
 * What changes a network's numbers while it computes, such as the quantisers of an int8 network in
 * training: layers hand it what they read and what they give, and know nothing else of it. See
 * {@link Module#roundWith}. Layers go by their full names, such as {@code layer1.0.conv1}.
 */
public interface Rounding {
  /** The network's input. */
  Variable input(Tape tape, Variable x);

  /** What a layer reads, where it is no other layer's result. */
  Variable operand(Tape tape, String layer, Variable x);

  /** A weight that no norm follows. */
  Variable weight(Tape tape, String layer, Variable w);

  /**
   * A convolution's weight before a norm, which will be folded into it.
   *
   * @param variance the norm's running variance, before this batch
   */
  Variable weight(Tape tape, String layer, Variable w, BatchNorm.Affine norm, Tensor variance);

  /**
   * What a layer gives, after its norm, the residual sum and the ReLU.
   *
   * @param signed whether no ReLU was the end
   */
  Variable result(Tape tape, String layer, Variable y, boolean signed);
}
