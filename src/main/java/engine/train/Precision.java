package engine.train;

import engine.autograd.Cast;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.tensor.DType;

/**
 * Mixed precision: the input enters in half precision, so convolutions, norms and pools compute in
 * it; the classifier gives fp32 logits, and losses, statistics, gradients of weights and the
 * optimiser stay fp32.
 */
final class Precision {
  private Precision() {}

  /**
   * @param x F32 images
   */
  static Variable input(Tape tape, Variable x, boolean half) {
    return half ? Cast.apply(tape, x, DType.BF16) : x;
  }
}
