package engine.optim;

import engine.backend.Backend;
import engine.backend.Optimizers.AdamRule;
import java.util.List;

/**
 * AdamW (Loshchilov and Hutter 2019, algorithm 2) as {@code torch.optim.AdamW} computes it: {@code
 * p *= 1 - lr * decay} before the moments are touched. To leave norms and biases out of the decay,
 * make the groups with {@link ParameterGroup#splitByDecay}.
 */
public final class AdamW extends Adam {
  /** With PyTorch's betas (0.9, 0.999) and eps (1e-8). */
  public AdamW(Backend backend, List<ParameterGroup> groups) {
    this(backend, groups, BETA1, BETA2, EPS, false);
  }

  /** Parameters as for {@link Adam}. */
  public AdamW(
      Backend backend,
      List<ParameterGroup> groups,
      double beta1,
      double beta2,
      double eps,
      boolean amsgrad) {
    super(backend, groups, new AdamRule(beta1, beta2, eps, true, amsgrad));
  }
}
