package engine.optim;

import engine.backend.Backend;
import engine.backend.Optimizers;
import engine.backend.Optimizers.SgdRule;
import engine.tensor.Tensor;
import java.util.List;

/**
 * Stochastic gradient descent as {@code torch.optim.SGD} computes it: weight decay is added to the
 * gradient; the momentum buffer starts as the first gradient, undampened; Nesterov's form adds
 * momentum times the new buffer.
 */
public final class Sgd extends DeviceOptimizer {
  private final Optimizers device;
  private final SgdRule rule;

  /**
   * @param momentum 0 for none
   * @param dampening what is taken off each gradient on its way into the buffer
   * @param nesterov needs momentum and no dampening
   */
  public Sgd(
      Backend backend,
      List<ParameterGroup> groups,
      double momentum,
      double dampening,
      boolean nesterov) {
    Numbers.notNegative("momentum", momentum);
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "Nesterov's form needs a momentum above 0 and no dampening, not "
              + momentum
              + " and "
              + dampening);
    }
    super(backend, groups, momentum == 0 ? List.of() : List.of("momentum_buffer"));
    this.device = backend.optimizers();
    this.rule = new SgdRule(momentum, dampening, nesterov);
  }

  @Override
  void update(List<Optimizers.Slot> slots, Tensor rates, Tensor steps, Tensor control) {
    device.sgdInPlace(slots, rule, rates, steps, control);
  }
}
