package engine.autograd;

import engine.backend.Losses;
import engine.tensor.Tensor;

/**
 * Cross-entropy as PyTorch defines it. Label smoothing puts eps/K on every class, the target's too;
 * for eps/(K-1) on the others see {@link LabelSmoothingKl}.
 */
public final class CrossEntropy {
  /** PyTorch's target that counts for nothing. */
  public static final int IGNORE_INDEX = -100;

  private CrossEntropy() {}

  /**
   * The mean over the batch.
   *
   * @param logits [N, K]
   * @param targets I32 [N]; read now only, the caller's
   * @return a scalar
   */
  public static Variable apply(Tape tape, Variable logits, Tensor targets, float smoothing) {
    return apply(tape, logits, targets, null, smoothing, IGNORE_INDEX, Losses.Reduction.MEAN);
  }

  /**
   * @param weight [K] class weights, by whose sum over the targets the mean divides; or null
   * @param ignoreIndex rows with this target count for nothing
   * @return a scalar, or [N] for NONE
   */
  public static Variable apply(
      Tape tape,
      Variable logits,
      Tensor targets,
      Tensor weight,
      float smoothing,
      int ignoreIndex,
      Losses.Reduction reduction) {
    Losses losses = tape.backend().losses();
    Variable x = tape.operand("crossEntropy", logits);
    return record(
        tape,
        "crossEntropy",
        x,
        losses.crossEntropy(x.value(), targets, weight, smoothing, ignoreIndex, reduction));
  }

  /**
   * Against distributions, as Mixup and CutMix make them.
   *
   * @param q [N, K]; read now only, the caller's, and without a gradient
   */
  public static Variable soft(
      Tape tape, Variable logits, Tensor q, float smoothing, Losses.Reduction reduction) {
    Losses losses = tape.backend().losses();
    Variable x = tape.operand("crossEntropy", logits);
    return record(
        tape, "crossEntropy", x, losses.crossEntropySoft(x.value(), q, smoothing, reduction));
  }

  /** A loss whose gradient was computed in the same pass. */
  static Variable record(Tape tape, String op, Variable logits, Losses.Result r) {
    Losses losses = tape.backend().losses();
    return tape.record(
        op,
        r.loss(),
        logits.requiresGrad(),
        dy -> tape.accumulate(logits, losses.scaleGradient(r.dlogits(), dy)),
        r.dlogits());
  }
}
