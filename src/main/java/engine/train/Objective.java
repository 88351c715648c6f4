package engine.train;

import engine.autograd.CrossEntropy;
import engine.autograd.KlDivergence;
import engine.autograd.LabelSmoothingKl;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Losses.Reduction;
import engine.picture.Mix;
import engine.picture.MixedTargets;
import engine.recipe.Recipe;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * What a step minimises. Targets are class numbers, or distributions where pictures are mixed; then
 * smoothing and class weights are in the distributions already, as PyTorch has it: {@code -sum(w_c
 * q_c log p_c) / N}.
 */
final class Objective implements AutoCloseable {
  private final int classes;
  private final float smoothing;
  private final boolean others;
  private final boolean soft;
  private final MixedTargets mixed;
  private final Tensor deviceWeights;

  /**
   * @param weights a weight for each class, or null
   */
  Objective(Backend backend, Recipe r, int classes, float[] weights) {
    this.classes = classes;
    this.smoothing = (float) r.loss().labelSmoothing();
    this.others = r.loss().smoothingMode().equals("others");
    this.soft = r.augment().regularization().mixes();
    mixed =
        others
            ? new MixedTargets(classes, 1 - smoothing, smoothing / (classes - 1), weights)
            : new MixedTargets(
                classes, 1 - smoothing + smoothing / classes, smoothing / classes, weights);
    deviceWeights =
        weights == null || soft
            ? null
            : backend.memory().upload(HostTensor.of(weights, weights.length));
  }

  /** Undefined targets of {@code n} pictures, to be filled. */
  Tensor empty(Backend backend, int n) {
    return soft
        ? backend.memory().empty(DType.F32, Shape.of(n, classes))
        : backend.memory().empty(DType.I32, Shape.of(n));
  }

  /** The targets of a batch that was mixed so. */
  HostTensor targets(int[] labels, Mix mix) {
    int n = labels.length;
    if (!soft) {
      return HostTensor.of(labels, n);
    }
    return HostTensor.of(mixed.of(labels, mix), n, classes);
  }

  /**
   * @param logits [N, K]
   * @param targets as {@link #targets} made them, on the device
   * @return the batch's mean, a scalar
   */
  Variable loss(Tape tape, Variable logits, Tensor targets) {
    if (soft) {
      return others
          ? KlDivergence.apply(tape, logits, targets)
          : CrossEntropy.soft(tape, logits, targets, 0, Reduction.MEAN);
    }
    return others
        ? LabelSmoothingKl.apply(tape, logits, targets, smoothing)
        : CrossEntropy.apply(
            tape,
            logits,
            targets,
            deviceWeights,
            smoothing,
            CrossEntropy.IGNORE_INDEX,
            Reduction.MEAN);
  }

  @Override
  public void close() {
    if (deviceWeights != null) {
      deviceWeights.close();
    }
  }
}
