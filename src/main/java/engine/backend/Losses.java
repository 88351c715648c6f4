package engine.backend;

import engine.tensor.Tensor;

/**
 * Classification losses on logits [N, K], with their gradient computed in the same pass, all in
 * fp32.
 */
public interface Losses {
  enum Reduction {
    MEAN,
    SUM,
    NONE
  }

  /** The loss (scalar, or [N] for NONE) and what the backward needs. */
  record Result(Tensor loss, Tensor dlogits) {}

  /**
   * PyTorch's CrossEntropyLoss: {@code (1-eps) * nll + eps/K * sum over all classes}.
   *
   * @param targets I32 [N]; {@code ignoreIndex} is left out of the mean
   * @param weight [K] class weights, or null
   */
  Result crossEntropy(
      Tensor logits,
      Tensor targets,
      Tensor weight,
      float smoothing,
      int ignoreIndex,
      Reduction reduction);

  /** Cross-entropy against distributions q [N, K], smoothed as PyTorch does. */
  Result crossEntropySoft(Tensor logits, Tensor q, float smoothing, Reduction reduction);

  /**
   * KL(q || softmax(logits)), batchmean, where q has 1-eps on the target and eps/(K-1) on each
   * other class.
   */
  Result labelSmoothingKl(Tensor logits, Tensor targets, float smoothing);

  /** KL(q || softmax(logits)), batchmean, for distributions q [N, K]; 0 * log 0 counts as 0. */
  Result klDivergence(Tensor logits, Tensor q);

  /** dlogits of a result times the incoming gradient (scalar, or [N] for NONE). */
  Tensor scaleGradient(Tensor dlogits, Tensor dloss);
}
