package engine.quant;

import engine.autograd.FakeQuantize;
import engine.autograd.FakeQuantizeFolded;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Quantizers;
import engine.base.Setting;
import engine.base.UserError;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Rounds one tensor of a network, in training and while its range is being found. As PyTorch's
 * {@code FakeQuantize} it looks at a batch first and then rounds it; looking and rounding can be
 * switched off apart.
 */
public final class FakeQuantizer implements AutoCloseable {
  private final Backend backend;
  private final QuantSpec spec;
  private final Observer observer;
  private final Tensor scale;
  private final Tensor zeroPoint;
  private final Quantizers.QuantRange grid;

  /** See {@link FakeQuantizeFolded}; a normal number, which no device takes for 0. */
  private final Tensor tiny;

  private boolean observing = true;
  private boolean rounding = true;

  /**
   * @param channels 1 for one scale
   * @param observer taken over
   */
  public FakeQuantizer(Backend backend, QuantSpec spec, int channels, Observer observer) {
    this.backend = backend;
    this.spec = spec;
    this.observer = observer;
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    scale = backend.memory().upload(HostTensor.of(ones, channels));
    zeroPoint = backend.memory().zeros(DType.I32, Shape.of(channels));
    tiny = backend.memory().upload(HostTensor.of(new float[] {1e-37f}, 1));
    grid = new Quantizers.QuantRange(spec.axis(), scale, zeroPoint, spec.qmin(), spec.qmax());
  }

  /** Rounds x. A tape that is traced sees the rounding whether it is switched on or not. */
  public Variable apply(Tape tape, Variable x) {
    if (observing) {
      observer.observe(x.value());
      observer.qparamsInPlace(scale, zeroPoint);
    }
    return rounding || tape.isTraced() ? FakeQuantize.apply(tape, x, grid) : x;
  }

  /** Rounds a weight that no norm follows; it stays itself on a tape that is traced. */
  public Variable applyWeight(Tape tape, Variable w) {
    return rounding ? apply(tape, w) : w;
  }

  /**
   * Rounds a weight as it will be rounded when the norm after it is folded into it; see {@link
   * FakeQuantizeFolded}.
   *
   * @param variance the norm's running variance, before this batch
   */
  public Variable applyFolded(Tape tape, Variable w, Variable gamma, Tensor variance, float eps) {
    if (!rounding) {
      return w;
    }
    Tensor plain = backend.memory().toRowMajor(w.value(), DType.F32);
    Tensor factor = backend.memory().empty(DType.F32, gamma.shape());
    backend.quantizers().normFactorInPlace(gamma.value(), variance, eps, factor);
    if (observing && observer instanceof MinMaxObserver m) {
      m.observe(plain, factor);
      m.qparamsInPlace(scale, zeroPoint);
    }
    return FakeQuantizeFolded.apply(tape, w, gamma, plain, factor, grid, tiny);
  }

  /** Whether batches move the range. */
  public void observe(boolean on) {
    observing = on;
  }

  /** Whether values are rounded. */
  public void round(boolean on) {
    rounding = on;
  }

  /** Whether this is its grid. */
  boolean roundsTo(Quantizers.QuantRange other) {
    return other.scale() == scale;
  }

  public QuantSpec spec() {
    return spec;
  }

  /** What watches the range; still this quantiser's. */
  public Observer observer() {
    return observer;
  }

  /** What a checkpoint keeps of it, on the host. */
  Map<String, HostTensor> state() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    tensors().forEach((name, t) -> out.put(name, backend.memory().download(t)));
    return out;
  }

  /**
   * Takes its tensors out of a checkpoint's.
   *
   * @param prefix of their names
   * @throws UserError if one is missing or has another shape
   */
  void load(String prefix, Map<String, HostTensor> from) {
    tensors()
        .forEach(
            (name, t) -> {
              HostTensor saved = from.remove(prefix + name);
              if (saved == null || saved.dtype() != t.dtype() || !saved.shape().equals(t.shape())) {
                throw new UserError(
                    ("the checkpoint's ranges do not fit the model (%s%s): start again without "
                            + Setting.RESUME)
                        .formatted(prefix, name));
              }
              backend.memory().uploadInPlace(saved, t);
            });
  }

  private Map<String, Tensor> tensors() {
    if (!(observer instanceof MinMaxObserver o)) {
      throw new IllegalStateException("a histogram is not kept in checkpoints");
    }
    Map<String, Tensor> out = new LinkedHashMap<>();
    out.put("min", o.min());
    out.put("max", o.max());
    out.put("scale", scale);
    out.put("zero_point", zeroPoint);
    return out;
  }

  /** The grid as it is now. */
  public QuantParams params() {
    HostTensor s = backend.memory().download(scale);
    long[] z = backend.memory().download(zeroPoint).toLongs();
    int[] zp = new int[z.length];
    for (int i = 0; i < zp.length; i++) {
      zp[i] = (int) z[i];
    }
    return new QuantParams(spec, s.toFloats(), zp);
  }

  @Override
  public void close() {
    observer.close();
    scale.close();
    zeroPoint.close();
    tiny.close();
  }
}
