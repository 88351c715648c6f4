package engine.run;

import engine.backend.Backend;
import engine.model.Network;
import engine.optim.Ema;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The moving average of a model: of its parameters and of the running statistics of its norms. In a
 * checkpoint it is a model of its own, {@code ema.safetensors}, and the one that answers.
 */
public final class ModelAverage implements AutoCloseable {
  private final Backend backend;
  private final Network model;
  private final Ema ema;
  private final double decay;

  /** Starts as a copy of the model as it is now. */
  public ModelAverage(Backend backend, Network model, double decay) {
    this.backend = backend;
    this.model = model;
    this.decay = decay;
    Map<String, Supplier<Tensor>> values = new LinkedHashMap<>();
    model.parameters().forEach((name, p) -> values.put(name, p::value));
    model
        .buffers()
        .forEach(
            (name, t) -> {
              if (t.dtype() == DType.F32) {
                values.put(name, () -> t);
              }
            });
    ema = new Ema(backend, values, decay);
  }

  public Ema ema() {
    return ema;
  }

  /**
   * @param updates steps of the optimiser before the next one
   */
  public void beforeStep(long updates) {
    ema.setDecay(Ema.warmUp(decay, updates));
  }

  /** What {@code work} gives with the averages in the model's place. */
  public <T> T with(Supplier<T> work) {
    ema.swap();
    try {
      return work.get();
    } finally {
      ema.swap();
    }
  }

  /** Starts again from the model as it is now. */
  public void restart() {
    ema.restart();
  }

  /** The average as a model's state: what is not averaged, such as counters, is the model's own. */
  Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = model.stateDict(backend);
    out.putAll(ema.stateDict());
    return out;
  }

  /** Takes over what {@link #stateDict} gave. */
  void loadState(Map<String, HostTensor> state) {
    ema.loadState(state);
  }

  @Override
  public void close() {
    ema.close();
  }
}
