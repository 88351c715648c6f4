package engine.optim;

import engine.autograd.Parameter;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Parameters that share a learning rate and a weight decay.
 *
 * @param parameters by their names in a checkpoint, in order
 * @param lr initial learning rate, at least 0
 * @param weightDecay initial weight decay, at least 0
 * @param decays false for a group that {@link Optimizer#setWeightDecay(double)} leaves alone
 */
public record ParameterGroup(
    Map<String, Parameter> parameters, double lr, double weightDecay, boolean decays) {
  public ParameterGroup {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    Numbers.notNegative("learning rate", lr);
    Numbers.notNegative("weight decay", weightDecay);
  }

  public ParameterGroup(Map<String, Parameter> parameters, double lr, double weightDecay) {
    this(parameters, lr, weightDecay, true);
  }

  /** Everything in one group: PyTorch's default, which decays norms and biases too. */
  public static List<ParameterGroup> all(
      Map<String, Parameter> parameters, double lr, double weightDecay) {
    return List.of(new ParameterGroup(parameters, lr, weightDecay));
  }

  /**
   * Two groups: weights, which decay, and norms and biases ({@link Parameter#decay} false), which
   * do not.
   */
  public static List<ParameterGroup> splitByDecay(
      Map<String, Parameter> parameters, double lr, double weightDecay) {
    Map<String, Parameter> weights = new LinkedHashMap<>(parameters);
    weights.values().removeIf(p -> !p.decay());
    Map<String, Parameter> rest = new LinkedHashMap<>(parameters);
    rest.values().removeIf(Parameter::decay);
    return List.of(
        new ParameterGroup(weights, lr, weightDecay), new ParameterGroup(rest, lr, 0, false));
  }
}
