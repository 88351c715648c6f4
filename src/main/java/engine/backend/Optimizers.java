package engine.backend;

import engine.tensor.Tensor;
import java.util.List;

/**
 * Optimiser steps over whole parameter lists, in one pass over memory each, and what happens to
 * gradients before them.
 *
 * <p>Everything that changes from one step to the next lives in small F32 tensors on the device, so
 * a recorded step can be replayed, and a step that a loss scaler must skip is skipped without the
 * host waiting to hear of it:
 *
 * <ul>
 *   <li>{@code rates} [2]: learning rate, weight decay. The host writes them.
 *   <li>{@code steps} [P]: updates done so far, of each parameter. The device counts them, because
 *       it alone knows which steps were skipped.
 *   <li>{@code control} [3]: the factor that gradients are multiplied by, 1 to skip the step else
 *       0, and the gradient norm that the factor came from. Null stands for {1, 0}.
 * </ul>
 */
public interface Optimizers {
  int RATES = 2;
  int CONTROL = 3;

  /**
   * A parameter with its gradient and state, all F32 and of one layout.
   *
   * @param first null for a rule without state; so are {@code second} and {@code third}
   * @param index the parameter's place in {@code steps}
   */
  record Slot(
      Tensor parameter, Tensor gradient, Tensor first, Tensor second, Tensor third, int index) {}

  /**
   * Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2).
   *
   * @param eps added to the root after its bias correction
   * @param decoupled AdamW's decay, before the moments are touched; else the decay is added to the
   *     gradient
   * @param amsgrad divide by the largest second moment so far
   */
  record AdamRule(double beta1, double beta2, double eps, boolean decoupled, boolean amsgrad) {}

  /**
   * Stochastic gradient descent with momentum, as PyTorch defines it: the first step takes the
   * gradient undampened.
   */
  record SgdRule(double momentum, double dampening, boolean nesterov) {}

  /** State: first = exp_avg, second = exp_avg_sq, third = max_exp_avg_sq with amsgrad. */
  void adamInPlace(List<Slot> slots, AdamRule rule, Tensor rates, Tensor steps, Tensor control);

  /** State: first = momentum_buffer, or null without momentum. */
  void sgdInPlace(List<Slot> slots, SgdRule rule, Tensor rates, Tensor steps, Tensor control);

  /**
   * F32 [2]: root of the sum of squares over all tensors; 1 if any element is infinite or NaN, else
   * 0.
   */
  Tensor norm(List<Tensor> tensors);

  /**
   * From a {@link #norm} of gradients, what the next step does with them: undo the loss scale,
   * clip, skip.
   *
   * @param lossScale F32 of one element that the gradients are multiples of, or null; only with it
   *     is a step with infinite or NaN gradients skipped
   * @param maxNorm clip as {@code clip_grad_norm_} does, by min(1, maxNorm / (norm + 1e-6));
   *     infinite for not at all
   * @param control F32 [3], overwritten
   */
  void controlInPlace(Tensor norm, Tensor lossScale, double maxNorm, Tensor control);

  /** Multiplies gradients by the factor in {@code control}, for those who want to see them so. */
  void scaleInPlace(List<Tensor> gradients, Tensor control);

  /**
   * Moves the loss scale as PyTorch's GradScaler does: after a skipped step it is multiplied by
   * {@code backoff}, after {@code interval} good ones in a row by {@code growth}, unless that
   * overflows.
   *
   * @param lossScale F32 of one element
   * @param tracker F32 of one element: good steps since the last change
   */
  void lossScaleInPlace(
      Tensor lossScale,
      Tensor tracker,
      Tensor control,
      double growth,
      double backoff,
      int interval);

  /**
   * average = keep * average + add * value, over two lists of one order.
   *
   * @param weights F32 [2]: keep, add
   */
  void emaInPlace(List<Tensor> average, List<Tensor> value, Tensor weights);
}
