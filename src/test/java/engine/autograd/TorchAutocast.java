package engine.autograd;

import java.util.Set;

/** What torch.amp computes an op in, by its name. */
final class TorchAutocast {
  /** PyTorch 2.9, ATen/autocast_mode.h, AT_FORALL_LOWER_PRECISION_FP: those that are ops here. */
  static final Set<String> LOWER_PRECISION =
      Set.of(
          "conv1d",
          "conv2d",
          "conv3d",
          "prelu",
          "addmm",
          "addmv",
          "addr",
          "matmul",
          "einsum",
          "mm",
          "mv",
          "linear",
          "addbmm",
          "baddbmm",
          "bmm",
          "chain_matmul",
          "scaled_dot_product_attention");

  /** The same, AT_FORALL_FP32 and AT_FORALL_FP32_SET_OPT_DTYPE; cross_entropy is nll_loss there. */
  static final Set<String> FP32 =
      Set.of(
          "exp",
          "log",
          "log1p",
          "pow",
          "reciprocal",
          "rsqrt",
          "softplus",
          "layer_norm",
          "group_norm",
          "rms_norm",
          "nll_loss",
          "cross_entropy",
          "kl_div",
          "l1_loss",
          "smooth_l1_loss",
          "huber_loss",
          "mse_loss",
          "binary_cross_entropy_with_logits",
          "logsumexp",
          "prod",
          "softmax",
          "log_softmax",
          "cumprod",
          "cumsum",
          "sum");

  private TorchAutocast() {}
}
