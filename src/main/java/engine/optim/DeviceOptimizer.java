package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Optimizers.Slot;
import engine.base.UserError;
import engine.optim.GroupState.Entry;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What all optimisers share: groups, rates, saving and loading. A subclass adds the rule. */
abstract sealed class DeviceOptimizer implements Optimizer permits Adam, Sgd {
  private final List<ParameterGroup> groups;
  private final List<String> stateNames;
  private final List<GroupState> states = new ArrayList<>();
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();

  /**
   * @param stateNames PyTorch's names of the tensors that the rule keeps of each parameter
   * @throws IllegalArgumentException if a parameter is in two groups
   */
  DeviceOptimizer(Backend backend, List<ParameterGroup> groups, List<String> stateNames) {
    this.groups = List.copyOf(groups);
    this.stateNames = stateNames;
    for (ParameterGroup g : groups) {
      g.parameters()
          .forEach(
              (name, p) -> {
                if (parameters.put(name, p) != null) {
                  throw new IllegalArgumentException("the parameter " + name + " is in two groups");
                }
              });
    }
    for (ParameterGroup g : groups) {
      states.add(new GroupState(backend, g, stateNames.size()));
    }
  }

  /** One update of a group's slots. */
  abstract void update(List<Slot> slots, Tensor rates, Tensor steps, Tensor control);

  @Override
  public final void step(GradClip clip) {
    for (GroupState g : states) {
      List<Tensor> owned = new ArrayList<>();
      List<Slot> slots = g.slots(owned);
      if (!slots.isEmpty()) {
        update(slots, g.rates, g.steps, clip == null ? null : clip.control());
      }
      owned.forEach(Tensor::close);
    }
  }

  @Override
  public final void zeroGrad() {
    parameters.values().forEach(Parameter::clearGrad);
  }

  @Override
  public final List<ParameterGroup> groups() {
    return groups;
  }

  @Override
  public final Map<String, Parameter> parameters() {
    return Collections.unmodifiableMap(parameters);
  }

  @Override
  public final double lr(int group) {
    return states.get(group).lr();
  }

  @Override
  public final double weightDecay(int group) {
    return states.get(group).weightDecay();
  }

  @Override
  public final void setLr(int group, double lr) {
    states.get(group).setRates(lr, weightDecay(group));
  }

  @Override
  public final void setWeightDecay(int group, double weightDecay) {
    states.get(group).setRates(lr(group), weightDecay);
  }

  @Override
  public final Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    for (int i = 0; i < states.size(); i++) {
      out.put(rateKey(i, "lr"), HostTensor.of(new double[] {lr(i)}));
      out.put(rateKey(i, "weight_decay"), HostTensor.of(new double[] {weightDecay(i)}));
      states.get(i).save(stateNames, out);
    }
    return out;
  }

  @Override
  public final void loadState(Map<String, HostTensor> state) {
    Set<String> unread = new HashSet<>(state.keySet());
    double[] lr = new double[states.size()];
    double[] decay = new double[states.size()];
    List<float[]> counts = new ArrayList<>();
    List<List<List<HostTensor>>> values = new ArrayList<>();
    for (int i = 0; i < states.size(); i++) {
      lr[i] = number(state, unread, rateKey(i, "lr"));
      decay[i] = number(state, unread, rateKey(i, "weight_decay"));
      List<Entry> entries = states.get(i).entries;
      float[] steps = new float[entries.size()];
      List<List<HostTensor>> saved = new ArrayList<>();
      for (Entry e : entries) {
        boolean updated = state.containsKey(e.name + ".step");
        steps[e.index] = updated ? (float) number(state, unread, e.name + ".step") : 0;
        saved.add(updated ? tensors(state, unread, e) : null);
      }
      counts.add(steps);
      values.add(saved);
    }
    if (!unread.isEmpty()) {
      throw wrong("it holds " + Collections.min(unread) + ", which this model lacks");
    }
    for (int i = 0; i < states.size(); i++) {
      states.get(i).setRates(lr[i], decay[i]);
      states.get(i).load(counts.get(i), values.get(i));
    }
  }

  private List<HostTensor> tensors(Map<String, HostTensor> state, Set<String> unread, Entry e) {
    List<HostTensor> out = new ArrayList<>();
    for (String name : stateNames) {
      HostTensor t = take(state, unread, e.name + "." + name);
      if (t.dtype() != DType.F32 || !t.shape().equals(e.parameter.shape())) {
        throw wrong(
            "%s.%s is %s %s and not F32 %s"
                .formatted(e.name, name, t.dtype(), t.shape(), e.parameter.shape()));
      }
      out.add(t);
    }
    return out;
  }

  private static double number(Map<String, HostTensor> state, Set<String> unread, String key) {
    HostTensor t = take(state, unread, key);
    if (t.shape().elements() != 1 || !(t.item() >= 0) || Double.isInfinite(t.item())) {
      throw wrong(key + " is not one number of 0 or more");
    }
    return t.item();
  }

  private static HostTensor take(Map<String, HostTensor> state, Set<String> unread, String key) {
    HostTensor t = state.get(key);
    if (t == null) {
      throw wrong("it lacks " + key);
    }
    unread.remove(key);
    return t;
  }

  private static String rateKey(int group, String what) {
    return "group." + group + "." + what;
  }

  private static UserError wrong(String why) {
    return new UserError(
        "the saved optimiser state is not of this model and optimiser: "
            + why
            + "; resume with the options of the run that saved it");
  }

  @Override
  public final void close() {
    states.forEach(GroupState::close);
  }
}
