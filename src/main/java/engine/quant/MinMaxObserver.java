package engine.quant;

import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The smallest and the largest value, per tensor or per channel; as the widest of all batches, or
 * as a moving average. Lives on the device.
 */
public final class MinMaxObserver implements Observer {
  private final Backend backend;
  private final QuantSpec spec;
  private final float averaging;
  private final Tensor min;
  private final Tensor max;

  /**
   * @param channels 1 for one range
   * @param averaging PyTorch's averaging constant, the share of each new batch; 0 for the widest
   *     range
   */
  public MinMaxObserver(Backend backend, QuantSpec spec, int channels, float averaging) {
    this.backend = backend;
    this.spec = spec;
    this.averaging = averaging;
    min = filled(channels, Float.POSITIVE_INFINITY);
    max = filled(channels, Float.NEGATIVE_INFINITY);
  }

  private Tensor filled(int n, float value) {
    float[] v = new float[n];
    Arrays.fill(v, value);
    return backend.memory().upload(HostTensor.of(v, n));
  }

  @Override
  public void observe(Tensor x) {
    observe(x, null);
  }

  /** The same for x times a factor a channel. */
  void observe(Tensor x, Tensor factor) {
    backend.quantizers().observeInPlace(x, spec.axis(), factor, min, max, averaging);
  }

  @Override
  public void qparamsInPlace(Tensor scale, Tensor zeroPoint) {
    backend
        .quantizers()
        .qparamsInPlace(min, max, spec.scheme(), spec.qmin(), spec.qmax(), scale, zeroPoint);
  }

  @Override
  public float[] range() {
    float low = Float.POSITIVE_INFINITY;
    float high = Float.NEGATIVE_INFINITY;
    for (float v : backend.memory().download(min).toFloats()) {
      low = Math.min(low, v);
    }
    for (float v : backend.memory().download(max).toFloats()) {
      high = Math.max(high, v);
    }
    return new float[] {low, high};
  }

  /** F32 [channels]; still this observer's. */
  public Tensor min() {
    return min;
  }

  public Tensor max() {
    return max;
  }

  @Override
  public void close() {
    min.close();
    max.close();
  }
}
