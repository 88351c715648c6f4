package engine.quant;

import engine.autograd.BatchNorm;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Quantizers;
import engine.base.UserError;
import engine.nn.Rounding;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The quantisers of a network by layer, made when the layer first asks: one for the input, one for
 * the result of each layer (of a residual block: of the sum), one for each weight.
 */
public class QuantizerSet implements Rounding, AutoCloseable {
  /** The network's input. */
  public static final String INPUT = "input";

  /**
   * How ranges are found.
   *
   * @param averaging PyTorch's averaging constant, the share of each new batch in a range; 0 for
   *     the widest range of all batches
   * @param percentile of each activation that its range keeps; 100 for minimum and maximum
   */
  public record Config(float averaging, double percentile) {
    /** PyTorch's quantisation-aware training. */
    public static final Config TRAINING = new Config(0.01f, 100);

    /** Calibration on a few hundred pictures. */
    public static final Config CALIBRATION = new Config(0, 99.999);
  }

  private final Backend backend;
  private final Config config;
  private final Map<String, FakeQuantizer> activations = new LinkedHashMap<>();
  private final Map<String, FakeQuantizer> weights = new LinkedHashMap<>();

  /** Tensors that were loaded for quantisers which no forward has asked for yet. */
  private final Map<String, HostTensor> loaded = new LinkedHashMap<>();

  private final int weightBits;
  private boolean observing = true;
  private boolean rounding = true;
  private boolean resumed;

  /** With the bits of weights that suit this device's processor. */
  public QuantizerSet(Backend backend, Config config) {
    this(backend, config, backend.quantizers().weightBits());
  }

  /**
   * @param weightBits see {@link engine.backend.Quantizers#weightBits}
   */
  public QuantizerSet(Backend backend, Config config, int weightBits) {
    this.backend = backend;
    this.config = config;
    this.weightBits = weightBits;
  }

  /** Bits that weights are rounded to. */
  public final int weightBits() {
    return weightBits;
  }

  /** What rounds the result of a layer, or {@link #INPUT}. */
  public final FakeQuantizer activation(String layer, boolean signed) {
    return activations.computeIfAbsent(
        layer, _ -> ready(key(layer), make(signed ? QuantSpec.SIGNED : QuantSpec.ACTIVATION, 1)));
  }

  /** What rounds the weight of a layer. */
  public final FakeQuantizer weight(String layer, int channels) {
    return weights.computeIfAbsent(
        layer, _ -> ready(weightKey(layer), make(QuantSpec.weight(weightBits), channels)));
  }

  @Override
  public final Variable input(Tape tape, Variable x) {
    return activation(INPUT, false).apply(tape, x);
  }

  @Override
  public final Variable operand(Tape tape, String layer, Variable x) {
    return activation(layer + ".input", false).apply(tape, x);
  }

  @Override
  public final Variable weight(Tape tape, String layer, Variable w) {
    return weight(layer, w.shape().size(0)).applyWeight(tape, w);
  }

  @Override
  public final Variable weight(
      Tape tape, String layer, Variable w, BatchNorm.Affine norm, Tensor variance) {
    FakeQuantizer q = weight(layer, w.shape().size(0));
    return q.applyFolded(tape, w, norm.scale(), variance, norm.eps());
  }

  /** A sum that has no ReLU is signed. */
  @Override
  public final Variable result(Tape tape, String layer, Variable y, boolean signed) {
    return activation(layer, signed).apply(tape, y);
  }

  /** Whether a layer's weight is rounded: it has asked for it. */
  final boolean rounds(String layer) {
    return weights.containsKey(layer);
  }

  /** The layer whose result a grid rounds, by the name that it asked with. */
  final String layerOf(Quantizers.QuantRange grid) {
    for (Map.Entry<String, FakeQuantizer> e : activations.entrySet()) {
      if (e.getValue().roundsTo(grid)) {
        return e.getKey();
      }
    }
    throw new IllegalArgumentException("a grid of another network");
  }

  /**
   * The largest absolute value of each channel of a weight that was watched in training, or null.
   */
  final float[] weightAbsmax(String layer) {
    FakeQuantizer q = weights.get(layer);
    if (q == null || !(q.observer() instanceof MinMaxObserver o)) {
      return null;
    }
    float[] low = backend.memory().download(o.min()).toFloats();
    float[] high = backend.memory().download(o.max()).toFloats();
    for (int c = 0; c < low.length; c++) {
      if (!Float.isFinite(low[c])) {
        return null; // nothing seen
      }
      high[c] = Math.max(Math.max(-low[c], high[c]), 0);
    }
    return high;
  }

  /** A new quantiser; another way to find ranges, or another grid, comes in here. */
  protected FakeQuantizer make(QuantSpec spec, int channels) {
    Observer o =
        config.percentile < 100 && spec.axis() < 0
            ? new HistogramObserver(backend, spec, config.percentile)
            : new MinMaxObserver(backend, spec, channels, config.averaging);
    return new FakeQuantizer(backend, spec, channels, o);
  }

  private static String key(String layer) {
    return layer + ".activation.";
  }

  private static String weightKey(String layer) {
    return layer + ".weight.";
  }

  /** What a checkpoint of a training keeps: every range and grid. */
  public final Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    activations.forEach((layer, q) -> q.state().forEach((n, t) -> out.put(key(layer) + n, t)));
    weights.forEach((layer, q) -> q.state().forEach((n, t) -> out.put(weightKey(layer) + n, t)));
    out.putAll(loaded);
    return out;
  }

  /**
   * Goes on from what {@link #stateDict} gave: each quantiser takes its part when its layer first
   * asks for it. Before any layer has.
   */
  public final void loadState(Map<String, HostTensor> state) {
    if (!activations.isEmpty() || !weights.isEmpty()) {
      throw new IllegalStateException("quantisers are in use already");
    }
    loaded.clear();
    loaded.putAll(state);
    resumed = !state.isEmpty();
  }

  private FakeQuantizer ready(String key, FakeQuantizer q) {
    if (resumed) {
      q.load(key, loaded);
    }
    q.observe(observing);
    q.round(rounding);
    return q;
  }

  /** Whether batches move the ranges. */
  public final void observe(boolean on) {
    observing = on;
    activations.values().forEach(q -> q.observe(on));
    weights.values().forEach(q -> q.observe(on));
  }

  /** Whether values and weights are rounded. */
  public final void round(boolean on) {
    rounding = on;
    activations.values().forEach(q -> q.round(on));
    weights.values().forEach(q -> q.round(on));
  }

  /**
   * Makes sure that every range was found.
   *
   * @throws UserError that names the first layer whose values were not finite
   */
  public final void check() {
    activations.forEach(
        (layer, q) -> {
          float[] r = q.observer().range();
          if (!Float.isFinite(r[0]) || !Float.isFinite(r[1])) {
            throw new UserError(
                "the range of %s is %s to %s: the model gives no finite numbers on these pictures"
                    .formatted(layer, r[0], r[1]));
          }
        });
  }

  /** The layers, by the names they asked with, that gave nothing but 0. */
  final List<String> empty() {
    List<String> out = new ArrayList<>();
    activations.forEach(
        (layer, q) -> {
          float[] r = q.observer().range();
          if (r[0] == 0 && r[1] == 0) {
            out.add(layer);
          }
        });
    return out;
  }

  @Override
  public final void close() {
    activations.values().forEach(FakeQuantizer::close);
    weights.values().forEach(FakeQuantizer::close);
    activations.clear();
    weights.clear();
  }
}
