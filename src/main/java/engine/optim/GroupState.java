package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Memory;
import engine.backend.Optimizers;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One parameter group on the device: its rates, its step counts, and what the rule remembers of
 * each parameter.
 */
final class GroupState implements AutoCloseable {
  /** A parameter and its state tensors, which are null until its first update. */
  static final class Entry {
    final String name;
    final Parameter parameter;
    final int index;
    Tensor[] state;

    private Entry(String name, Parameter parameter, int index) {
      this.name = name;
      this.parameter = parameter;
      this.index = index;
    }

    private void close() {
      if (state != null) {
        for (Tensor t : state) {
          t.close();
        }
        state = null;
      }
    }
  }

  private final Memory memory;
  private final int stateTensors;
  final List<Entry> entries = new ArrayList<>();

  /** F32 [2]: learning rate, weight decay. */
  final Tensor rates;

  /** F32 [P]. */
  final Tensor steps;

  private double lr;
  private double weightDecay;

  /**
   * @param stateTensors how many tensors the rule keeps of each parameter
   */
  GroupState(Backend backend, ParameterGroup group, int stateTensors) {
    memory = backend.memory();
    this.stateTensors = stateTensors;
    group.parameters().forEach((name, p) -> entries.add(new Entry(name, p, entries.size())));
    rates = memory.empty(DType.F32, Shape.of(Optimizers.RATES));
    steps = memory.zeros(DType.F32, Shape.of(entries.size()));
    setRates(group.lr(), group.weightDecay());
  }

  double lr() {
    return lr;
  }

  double weightDecay() {
    return weightDecay;
  }

  void setRates(double lr, double weightDecay) {
    Numbers.notNegative("learning rate", lr);
    Numbers.notNegative("weight decay", weightDecay);
    this.lr = lr;
    this.weightDecay = weightDecay;
    memory.uploadInPlace(
        HostTensor.of(new float[] {(float) lr, (float) weightDecay}, Optimizers.RATES), rates);
  }

  /**
   * What a step works on: parameters with a gradient. Copies made on the way go to {@code owned}.
   */
  List<Optimizers.Slot> slots(List<Tensor> owned) {
    List<Optimizers.Slot> out = new ArrayList<>(entries.size());
    for (Entry e : entries) {
      Tensor gradient = e.parameter.grad();
      if (gradient == null) {
        continue;
      }
      Tensor value = e.parameter.value();
      if (gradient.layout() != value.layout()) {
        gradient = memory.toLayoutOf(gradient, value);
        owned.add(gradient);
      }
      if (e.state == null) {
        e.state = new Tensor[stateTensors];
        for (int i = 0; i < stateTensors; i++) {
          e.state[i] = memory.zerosLike(value);
        }
      }
      for (int i = 0; i < stateTensors; i++) {
        e.state[i] = inLayoutOf(value, e.state[i]);
      }
      out.add(new Optimizers.Slot(value, gradient, state(e, 0), state(e, 1), state(e, 2), e.index));
    }
    return out;
  }

  private Tensor state(Entry e, int i) {
    return i < stateTensors ? e.state[i] : null;
  }

  /** State follows its parameter, which the first forward may have moved to another layout. */
  private Tensor inLayoutOf(Tensor value, Tensor state) {
    if (state.layout() == value.layout()) {
      return state;
    }
    Tensor moved = memory.toLayoutOf(state, value);
    state.close();
    return moved;
  }

  /** Adds step counts and state of every parameter that was updated, in row-major order. */
  void save(List<String> stateNames, Map<String, HostTensor> out) {
    HostTensor counts = memory.download(steps);
    for (Entry e : entries) {
      float count = (float) counts.get(e.index);
      // State may be there with no update yet: the first steps were skipped for their infinite
      // gradients.
      if (count > 0) {
        out.put(e.name + ".step", HostTensor.of(new float[] {count}));
        for (int i = 0; i < stateTensors; i++) {
          out.put(e.name + "." + stateNames.get(i), memory.download(e.state[i]));
        }
      }
    }
  }

  /**
   * Replaces the state.
   *
   * @param counts step count of each parameter
   * @param values state tensors of each parameter, row-major, or null where it has none
   */
  void load(float[] counts, List<List<HostTensor>> values) {
    memory.uploadInPlace(HostTensor.of(counts, counts.length), steps);
    for (Entry e : entries) {
      e.close();
      List<HostTensor> saved = values.get(e.index);
      if (saved != null) {
        e.state = saved.stream().map(memory::upload).toArray(Tensor[]::new);
      }
    }
  }

  @Override
  public void close() {
    entries.forEach(Entry::close);
    rates.close();
    steps.close();
  }
}
