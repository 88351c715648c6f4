package engine.optim;

import engine.autograd.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Parameters that share a learning rate and a weight decay.
 *
 * @param parameters by their names in a checkpoint, in order
 * @param lr initial learning rate, at least 0
 * @param weightDecay initial weight decay, at least 0
 * @param decays false for a group that {@link Optimizer#setWeightDecay(double)} leaves alone
 * @param lrScale what {@link Optimizer#setLr(double)} multiplies the rate of all groups by for this
 *     one
 */
public record ParameterGroup(
    Map<String, Parameter> parameters,
    double lr,
    double weightDecay,
    boolean decays,
    double lrScale) {
  public ParameterGroup {
    parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
    Numbers.notNegative("learning rate", lr);
    Numbers.notNegative("weight decay", weightDecay);
    Numbers.notNegative("scale of the learning rate", lrScale);
  }

  public ParameterGroup(Map<String, Parameter> parameters, double lr, double weightDecay) {
    this(parameters, lr, weightDecay, true, 1);
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
        new ParameterGroup(weights, lr, weightDecay, true, 1),
        new ParameterGroup(rest, lr, 0, false, 1));
  }

  /**
   * The same groups, each divided into one for every scale of the learning rate, in the order in
   * which the scales are met: discriminative learning rates (Howard and Ruder 2018, section 3.2).
   *
   * @param scaleOf the scale of a parameter, by its name
   */
  public static List<ParameterGroup> scaled(
      List<ParameterGroup> groups, ToDoubleFunction<String> scaleOf) {
    List<ParameterGroup> out = new ArrayList<>();
    for (ParameterGroup g : groups) {
      Map<Double, Map<String, Parameter>> byScale = new LinkedHashMap<>();
      g.parameters()
          .forEach(
              (name, p) ->
                  byScale
                      .computeIfAbsent(scaleOf.applyAsDouble(name), _ -> new LinkedHashMap<>())
                      .put(name, p));
      byScale.forEach(
          (scale, some) ->
              out.add(
                  new ParameterGroup(
                      some, g.lr() * scale, g.weightDecay(), g.decays(), g.lrScale() * scale)));
    }
    return out;
  }
}
