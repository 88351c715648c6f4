package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Losses;
import engine.tensor.Tensor;

/**
 * Cross-entropy as PyTorch defines it. Label smoothing puts eps/K on every class, the target's too;
 * for eps/(K-1) on the others see {@link LabelSmoothingKl}.
 *
 * @param distributions whether a row's target is more than one class: given so, or smoothed
 */
public record CrossEntropy(boolean distributions) implements Operation {
  /** PyTorch's target that counts for nothing. */
  public static final int IGNORE_INDEX = -100;

  static final Identity IDENTITY = new Identity("cross_entropy", Autocast.FULL);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /**
   * Those of a log-softmax, of a product with the distribution and its sum where there is one, and
   * of the mean.
   */
  @Override
  public long flops(Call call) {
    long n = call.read();
    long rows = call.shape(0).dim(0);
    long mean = call.output().shape().rank() == 0 ? rows : 0;
    return LogSoftmax.flops(n, rows) + (distributions ? 2 * n - rows : 0) + mean;
  }

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
    Variable x = tape.operand(IDENTITY, logits);
    return record(
        tape,
        new CrossEntropy(smoothing > 0),
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
    Variable x = tape.operand(IDENTITY, logits);
    return record(
        tape,
        new CrossEntropy(true),
        x,
        losses.crossEntropySoft(x.value(), q, smoothing, reduction));
  }

  /** A loss whose gradient was computed in the same pass. */
  static Variable record(Tape tape, Operation op, Variable logits, Losses.Result r) {
    Losses losses = tape.backend().losses();
    return tape.record(
        op,
        operands(logits),
        r.loss(),
        dy -> tape.accumulate(logits, losses.scaleGradient(r.dlogits(), dy)),
        r.dlogits());
  }
}
