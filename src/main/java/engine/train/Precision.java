package engine.train;

import engine.autograd.Cast;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.base.UserError;
import engine.tensor.DType;

/**
 * Mixed precision: the input enters in half precision, so convolutions, norms and pools compute in
 * it; the classifier gives fp32 logits, and losses, statistics, gradients of weights and the
 * optimiser stay fp32.
 */
public final class Precision {
  private Precision() {}

  /**
   * Whether {@code --precision} asks for half precision where that is safe.
   *
   * @throws UserError if it is neither {@code fp32} nor {@code amp}
   */
  public static boolean isHalf(String name) {
    return switch (name) {
      case "fp32" -> false;
      case "amp" -> true;
      case "fp16", "half" ->
          throw new UserError(
              "--precision fp16 cannot be had on the CPU, whose library has no fp16 convolution: use amp, which is bf16 there");
      case "bf16" ->
          throw new UserError(
              "--precision bf16 is called amp: bf16 where that is safe, fp32 elsewhere");
      case null, default ->
          throw new UserError("--precision must be fp32 or amp, not '" + name + "'");
    };
  }

  /**
   * @param x F32 images
   */
  static Variable input(Tape tape, Variable x, boolean half) {
    return half ? Cast.apply(tape, x, DType.BF16) : x;
  }
}
