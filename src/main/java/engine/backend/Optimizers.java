package engine.backend;

import engine.tensor.Tensor;
import java.util.List;

/**
 * Optimiser steps over whole parameter lists, in one pass over memory each. Numbers that change between steps (learning
 * rate, step count) come in a small F32 tensor on the device, so that a recorded step can be replayed.
 */
public interface Optimizers {
  /** A parameter with its gradient and state, all of one layout; {@code second}, {@code third} may be null. */
  record Slot(Tensor parameter, Tensor gradient, Tensor first, Tensor second, Tensor third) {}

  /**
   * Adam and AdamW as PyTorch computes them (Loshchilov and Hutter 2019): decay first, eps after the bias-corrected
   * root. State: first = exp_avg, second = exp_avg_sq, third = max_exp_avg_sq if {@code amsgrad}.
   *
   * @param decoupled AdamW's decay; else the decay is added to the gradient
   * @param scalars F32 [5]: lr, weight decay, 1 - beta1^t, sqrt(1 - beta2^t), gradient factor
   */
  void adamInPlace(
      List<Slot> slots,
      double beta1,
      double beta2,
      double eps,
      boolean decoupled,
      boolean amsgrad,
      Tensor scalars);

  /**
   * SGD as PyTorch: state first = momentum buffer, or null without momentum.
   *
   * @param scalars F32 [4]: lr, weight decay, 1 for the first step else 0, gradient factor
   */
  void sgdInPlace(
      List<Slot> slots, double momentum, double dampening, boolean nesterov, Tensor scalars);

  /** F32 [1]: square root of the sum of squares over all tensors. */
  Tensor norm(List<Tensor> tensors);

  /** average = decay * average + (1 - decay) * value, over two lists of one order. */
  void emaInPlace(List<Tensor> average, List<Tensor> value, double decay);
}
