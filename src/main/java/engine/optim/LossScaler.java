package engine.optim;

import engine.backend.Backend;
import engine.backend.Optimizers;
import engine.base.Setting;
import engine.base.UserError;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Dynamic loss scaling by the rules of PyTorch's {@code GradScaler}, wholly on the device: when
 * gradients are infinite or NaN the step is skipped and the scale goes down, after {@code
 * growthInterval} good steps in a row it goes up.
 *
 * <p>A step in full: multiply the loss by {@link #scale}, backward, {@code
 * clip.measure(optimizer)}, {@code optimizer.step(clip)}, {@code scaler.update(clip)}, with a
 * {@link GradClip} that knows this scaler.
 */
public final class LossScaler implements AutoCloseable {
  private final Backend backend;
  private final double growthFactor;
  private final double backoffFactor;
  private final int growthInterval;
  private final boolean dynamic;
  private final Tensor scale;
  private final Tensor tracker;

  /**
   * Sums of {@link Optimizers} control over all steps, of which the second counts skipped ones: the
   * device adds up what the host does not wait for.
   */
  private final Tensor totals;

  private final Tensor ones;

  /** PyTorch's defaults: 65536, times 2 after 2000 good steps, times 0.5 after a bad one. */
  public LossScaler(Backend backend) {
    this(backend, 65536, 2, 0.5, 2000);
  }

  public LossScaler(
      Backend backend,
      double initialScale,
      double growthFactor,
      double backoffFactor,
      int growthInterval) {
    this(backend, initialScale, growthFactor, backoffFactor, growthInterval, true);
    Numbers.positive("growth factor", growthFactor - 1);
    Numbers.positive("backoff factor", backoffFactor);
    Numbers.fraction("backoff factor", backoffFactor);
    Numbers.positive("growth interval", growthInterval);
  }

  private LossScaler(
      Backend backend,
      double initialScale,
      double growthFactor,
      double backoffFactor,
      int growthInterval,
      boolean dynamic) {
    Numbers.positive("loss scale", initialScale);
    this.backend = backend;
    this.growthFactor = growthFactor;
    this.backoffFactor = backoffFactor;
    this.growthInterval = growthInterval;
    this.dynamic = dynamic;
    scale = backend.memory().upload(HostTensor.of(new float[] {(float) initialScale}));
    tracker = backend.memory().zeros(DType.F32, Shape.of());
    totals = backend.memory().zeros(DType.F32, Shape.of(Optimizers.CONTROL));
    ones = backend.memory().upload(HostTensor.of(new float[] {1, 1}, 2));
  }

  /** A scale that never moves; steps with infinite or NaN gradients are skipped all the same. */
  public static LossScaler fixed(Backend backend, double scale) {
    return new LossScaler(backend, scale, 1, 1, Integer.MAX_VALUE, false);
  }

  /** F32 scalar to multiply the loss by; it changes in place. Owned by this scaler. */
  public Tensor scale() {
    return scale;
  }

  /** Moves the scale after a step that went by {@code clip}'s last measurement. */
  public void update(GradClip clip) {
    backend
        .optimizers()
        .lossScaleInPlace(
            scale, tracker, clip.control(), growthFactor, backoffFactor, growthInterval);
    backend.optimizers().emaInPlace(List.of(totals), List.of(clip.control()), ones);
  }

  /** The scale that the next step will use. Waits for the device. */
  public double value() {
    return backend.memory().download(scale).item();
  }

  /** Steps skipped so far. Waits for the device. */
  public long skipped() {
    return (long) backend.memory().download(totals).get(1);
  }

  /**
   * {@code scale}, {@code growth_tracker} and {@code skipped_steps}, F32 scalars. Waits for the
   * device.
   */
  public Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    out.put("scale", backend.memory().download(scale));
    out.put("growth_tracker", backend.memory().download(tracker));
    out.put("skipped_steps", HostTensor.of(new float[] {skipped()}));
    return out;
  }

  /**
   * Takes over what {@link #stateDict} gave; a fixed scale takes over the count of skipped steps
   * alone.
   */
  public void loadState(Map<String, HostTensor> state) {
    HostTensor savedScale = state.get("scale");
    HostTensor savedTracker = state.get("growth_tracker");
    HostTensor savedSkips = state.get("skipped_steps");
    if (!isScalar(savedScale) || !isScalar(savedTracker) || !isScalar(savedSkips)) {
      throw new UserError(
          "the saved state holds no loss scale: start a new run with " + Setting.OUT);
    }
    if (dynamic) {
      backend.memory().uploadInPlace(savedScale, scale);
      backend.memory().uploadInPlace(savedTracker, tracker);
    }
    float[] sums = {0, (float) savedSkips.item(), 0};
    backend.memory().uploadInPlace(HostTensor.of(sums, Optimizers.CONTROL), totals);
  }

  private static boolean isScalar(HostTensor t) {
    return t != null && t.dtype() == DType.F32 && t.shape().equals(Shape.of());
  }

  @Override
  public void close() {
    scale.close();
    tracker.close();
    totals.close();
    ones.close();
  }
}
