package engine.quant;

import engine.backend.Backend;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Counts values in bins and leaves a share of the extremes out, so that one outlier does not cost
 * every other value its precision. For calibration: the values are counted on the host.
 *
 * <p>The bins cover a symmetric range that doubles, two bins becoming one, when a value falls
 * outside; so the order of the batches does not matter.
 */
public final class HistogramObserver implements Observer {
  private static final int HALF = 4096;

  private final Backend backend;
  private final QuantSpec spec;
  private final double percentile;
  private final long[] bins = new long[2 * HALF];
  private float limit;
  private long seen;
  private float min = Float.POSITIVE_INFINITY;
  private float max = Float.NEGATIVE_INFINITY;

  /**
   * @param percentile of the values that the range keeps on each side, such as 99.99; 100 keeps all
   */
  public HistogramObserver(Backend backend, QuantSpec spec, double percentile) {
    if (!(percentile > 50 && percentile <= 100)) {
      throw new IllegalArgumentException(
          "a percentile must be above 50 and at most 100, not " + percentile);
    }
    this.backend = backend;
    this.spec = spec;
    this.percentile = percentile;
  }

  @Override
  public void observe(Tensor x) {
    observe(backend.memory().download(x));
  }

  void observe(HostTensor x) {
    float[] values = x.toFloats();
    float absmax = 0;
    for (float v : values) {
      min = Math.min(min, v);
      max = Math.max(max, v);
      absmax = Math.max(absmax, Math.abs(v));
    }
    if (!Float.isFinite(absmax)) {
      return; // min or max says so
    }
    if (limit == 0 && absmax > 0) {
      limit = absmax;
    }
    while (limit > 0 && absmax > limit) {
      widen();
    }
    float perUnit = limit == 0 ? 0 : HALF / limit;
    for (float v : values) {
      bins[Math.clamp((long) Math.floor(v * perUnit) + HALF, 0, 2 * HALF - 1)]++;
    }
    seen += values.length;
  }

  private void widen() {
    limit *= 2;
    long[] old = bins.clone();
    Arrays.fill(bins, 0);
    for (int i = 0; i < old.length; i++) {
      bins[(i - HALF >> 1) + HALF] += old[i];
    }
  }

  /** What keeps the percentile on each side, never beyond what was seen. */
  @Override
  public float[] range() {
    double left = seen * (1 - percentile / 100);
    float low = min;
    float high = max;
    if (left >= 1 && limit > 0) {
      long below = 0;
      int i = 0;
      while (below + bins[i] <= left) {
        below += bins[i++];
      }
      low = Math.max(min, (i - HALF) * (limit / HALF));
      long above = 0;
      int j = bins.length - 1;
      while (above + bins[j] <= left) {
        above += bins[j--];
      }
      high = Math.min(max, (j + 1 - HALF) * (limit / HALF));
    }
    return new float[] {low, high};
  }

  @Override
  public void qparamsInPlace(Tensor scale, Tensor zeroPoint) {
    float[] r = range();
    QuantParams p = QuantParams.of(spec, r[0], r[1]);
    backend.memory().uploadInPlace(HostTensor.of(p.scale(), 1), scale);
    backend.memory().uploadInPlace(HostTensor.of(p.zeroPoint(), 1), zeroPoint);
  }

  @Override
  public void close() {}
}
