package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Memory;
import engine.base.UserError;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Exponential moving average of weights, as timm's ModelEmaV2 and PyTorch's {@code
 * get_ema_multi_avg_fn} keep it: starts as a copy, then {@code average = decay * average + (1 -
 * decay) * value} after each step.
 */
public final class Ema implements AutoCloseable {
  private final Backend backend;
  private final Memory memory;
  private final Map<String, Supplier<Tensor>> values;
  private final Map<String, Tensor> averages = new LinkedHashMap<>();
  private final Tensor weights;

  /**
   * @param values what to average by name, each asked for anew at every use: a parameter may move
   *     to another layout; besides parameters, the running statistics of norms
   * @param decay in [0, 1), such as 0.999
   */
  public Ema(Backend backend, Map<String, Supplier<Tensor>> values, double decay) {
    Numbers.fraction("decay of the moving average", decay);
    this.backend = backend;
    this.memory = backend.memory();
    this.values = new LinkedHashMap<>(values);
    this.values.forEach((name, v) -> averages.put(name, copy(v.get())));
    weights = memory.upload(HostTensor.of(new float[] {(float) decay, (float) (1 - decay)}, 2));
  }

  /** The average of parameters alone. */
  public static Ema ofParameters(Backend backend, Map<String, Parameter> parameters, double decay) {
    Map<String, Supplier<Tensor>> values = new LinkedHashMap<>();
    parameters.forEach((name, p) -> values.put(name, p::value));
    return new Ema(backend, values, decay);
  }

  /**
   * The decay from the next update on, also of a recorded one.
   *
   * @param decay in [0, 1)
   */
  public void setDecay(double decay) {
    Numbers.fraction("decay of the moving average", decay);
    memory.uploadInPlace(
        HostTensor.of(new float[] {(float) decay, (float) (1 - decay)}, 2), weights);
  }

  /**
   * A decay that begins low, so that the first values, which are random, are soon forgotten: {@code
   * min(decay, (1 + t) / (10 + t))}, as TensorFlow's {@code ExponentialMovingAverage} has it.
   *
   * @param updates t, updates done so far
   */
  public static double warmUp(double decay, long updates) {
    return Math.min(decay, (1.0 + updates) / (10.0 + updates));
  }

  /** Begins again with a copy of the current values. */
  public void restart() {
    values.forEach((name, v) -> memory.copyInPlace(v.get(), averages.get(name)));
  }

  /** Takes the current values into the average. */
  public void update() {
    List<Tensor> now = new ArrayList<>();
    values.forEach(
        (name, v) -> {
          Tensor value = v.get();
          Tensor average = averages.get(name);
          if (average.layout() != value.layout()) {
            averages.put(name, memory.toLayoutOf(average, value));
            average.close();
          }
          now.add(value);
        });
    backend.optimizers().emaInPlace(new ArrayList<>(averages.values()), now, weights);
  }

  /** Exchanges averages and values, to evaluate with the averages; a second call puts them back. */
  public void swap() {
    values.forEach(
        (name, v) -> {
          Tensor value = v.get();
          try (Tensor kept = copy(value)) {
            memory.copyInPlace(averages.get(name), value);
            memory.copyInPlace(kept, averages.get(name));
          }
        });
  }

  /** The averages by name, row-major. Waits for the device. */
  public Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    averages.forEach((name, t) -> out.put(name, memory.download(t)));
    return out;
  }

  /**
   * Takes over what {@link #stateDict} gave.
   *
   * @throws UserError if names or shapes differ; nothing has changed then
   */
  public void loadState(Map<String, HostTensor> state) {
    averages.forEach(
        (name, t) -> {
          HostTensor saved = state.get(name);
          if (saved == null || saved.dtype() != t.dtype() || !saved.shape().equals(t.shape())) {
            throw new UserError(
                "the saved moving average is not of this model: "
                    + name
                    + (saved == null
                        ? " is missing"
                        : " is " + saved.shape() + ", not " + t.shape())
                    + "; resume with the options of the run that saved it");
          }
        });
    averages.forEach((name, t) -> memory.uploadInPlace(state.get(name), t));
  }

  private Tensor copy(Tensor t) {
    Tensor c = memory.emptyLike(t);
    memory.copyInPlace(t, c);
    return c;
  }

  @Override
  public void close() {
    averages.values().forEach(Tensor::close);
    weights.close();
  }
}
