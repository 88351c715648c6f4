package engine.verify;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.optim.Adam;
import engine.optim.AdamW;
import engine.optim.Optimizer;
import engine.optim.ParameterGroup;
import engine.optim.Sgd;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** An optimiser as a reference case writes it: PyTorch's class name and its keyword arguments. */
final class ReferenceOptimizer {
  private static final Set<String> RATES = Set.of("lr", "weight_decay");
  private static final Set<String> ADAM = Set.of("lr", "weight_decay", "betas", "eps", "amsgrad");
  private static final Set<String> SGD =
      Set.of("lr", "weight_decay", "momentum", "dampening", "nesterov");

  private ReferenceOptimizer() {}

  /** Whether the engine has this rule with these options; {@code groups} is empty for one group. */
  static boolean knows(String rule, JsonObject hyper, List<JsonObject> groups) {
    Set<String> options =
        switch (rule) {
          case "AdamW", "Adam" -> ADAM;
          case "SGD" -> SGD;
          default -> null;
        };
    return options != null
        && options.containsAll(hyper.keySet())
        && groups.stream()
            .flatMap(g -> g.keySet().stream())
            .allMatch(k -> k.equals("params") || RATES.contains(k));
  }

  /**
   * @param groups each with {@code params}, the names of its parameters, and rates of its own;
   *     empty for one group of all
   */
  static Optimizer of(
      Backend backend,
      String rule,
      JsonObject hyper,
      List<JsonObject> groups,
      Map<String, Parameter> parameters) {
    double lr = number(hyper, "lr", 1e-3);
    double decay = number(hyper, "weight_decay", rule.equals("AdamW") ? 0.01 : 0);
    List<ParameterGroup> made = new ArrayList<>();
    for (JsonObject g : groups) {
      Map<String, Parameter> some = new LinkedHashMap<>();
      for (JsonElement name : g.getAsJsonArray("params")) {
        some.put(name.getAsString(), parameters.get(name.getAsString()));
      }
      made.add(new ParameterGroup(some, number(g, "lr", lr), number(g, "weight_decay", decay)));
    }
    if (made.isEmpty()) {
      made.addAll(ParameterGroup.all(parameters, lr, decay));
    }
    if (rule.equals("SGD")) {
      return new Sgd(
          backend,
          made,
          number(hyper, "momentum", 0),
          number(hyper, "dampening", 0),
          flag(hyper, "nesterov"));
    }
    boolean betas = hyper.has("betas");
    double beta1 = betas ? hyper.getAsJsonArray("betas").get(0).getAsDouble() : Adam.BETA1;
    double beta2 = betas ? hyper.getAsJsonArray("betas").get(1).getAsDouble() : Adam.BETA2;
    double eps = number(hyper, "eps", Adam.EPS);
    boolean amsgrad = flag(hyper, "amsgrad");
    return rule.equals("AdamW")
        ? new AdamW(backend, made, beta1, beta2, eps, amsgrad)
        : new Adam(backend, made, beta1, beta2, eps, amsgrad);
  }

  private static double number(JsonObject o, String key, double otherwise) {
    return o.has(key) ? o.get(key).getAsDouble() : otherwise;
  }

  private static boolean flag(JsonObject o, String key) {
    return o.has(key) && o.get(key).getAsBoolean();
  }
}
