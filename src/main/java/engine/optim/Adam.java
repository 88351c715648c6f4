package engine.optim;

import engine.backend.Backend;
import engine.backend.Optimizers;
import engine.backend.Optimizers.AdamRule;
import engine.tensor.Tensor;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015) as {@code torch.optim.Adam} computes it: weight decay is added to the
 * gradient. For decay that is not, see {@link AdamW}.
 */
public sealed class Adam extends DeviceOptimizer permits AdamW {
  /** PyTorch's defaults. */
  public static final double BETA1 = 0.9;

  public static final double BETA2 = 0.999;
  public static final double EPS = 1e-8;

  private final Optimizers device;
  private final AdamRule rule;

  public Adam(Backend backend, List<ParameterGroup> groups) {
    this(backend, groups, BETA1, BETA2, EPS, false);
  }

  /**
   * @param beta1 decay rate of the first moment, in [0, 1)
   * @param beta2 decay rate of the second moment, in [0, 1)
   * @param eps added to the root of the second moment, above 0
   * @param amsgrad divide by the largest second moment so far (Reddi et al. 2018)
   */
  public Adam(
      Backend backend,
      List<ParameterGroup> groups,
      double beta1,
      double beta2,
      double eps,
      boolean amsgrad) {
    this(backend, groups, new AdamRule(beta1, beta2, eps, false, amsgrad));
  }

  Adam(Backend backend, List<ParameterGroup> groups, AdamRule rule) {
    Numbers.fraction("first beta", rule.beta1());
    Numbers.fraction("second beta", rule.beta2());
    Numbers.positive("eps", rule.eps());
    super(
        backend,
        groups,
        rule.amsgrad()
            ? List.of("exp_avg", "exp_avg_sq", "max_exp_avg_sq")
            : List.of("exp_avg", "exp_avg_sq"));
    this.device = backend.optimizers();
    this.rule = rule;
  }

  @Override
  final void update(List<Optimizers.Slot> slots, Tensor rates, Tensor steps, Tensor control) {
    device.adamInPlace(slots, rule, rates, steps, control);
  }
}
