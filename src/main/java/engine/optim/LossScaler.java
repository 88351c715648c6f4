package engine.optim;

import engine.backend.Backend;
import engine.base.UserError;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.LinkedHashMap;
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
  private final Tensor scale;
  private final Tensor tracker;

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
    Numbers.positive("loss scale", initialScale);
    Numbers.positive("growth factor", growthFactor - 1);
    Numbers.positive("backoff factor", backoffFactor);
    Numbers.fraction("backoff factor", backoffFactor);
    Numbers.positive("growth interval", growthInterval);
    this.backend = backend;
    this.growthFactor = growthFactor;
    this.backoffFactor = backoffFactor;
    this.growthInterval = growthInterval;
    scale = backend.memory().upload(HostTensor.of(new float[] {(float) initialScale}));
    tracker = backend.memory().zeros(DType.F32, Shape.of());
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
  }

  /** {@code scale} and {@code growth_tracker}, F32 scalars. Waits for the device. */
  public Map<String, HostTensor> stateDict() {
    Map<String, HostTensor> out = new LinkedHashMap<>();
    out.put("scale", backend.memory().download(scale));
    out.put("growth_tracker", backend.memory().download(tracker));
    return out;
  }

  /** Takes over what {@link #stateDict} gave. */
  public void loadState(Map<String, HostTensor> state) {
    HostTensor savedScale = state.get("scale");
    HostTensor savedTracker = state.get("growth_tracker");
    if (savedScale == null || savedTracker == null) {
      throw new UserError(
          "the saved state holds no loss scale: resume with the precision of the run that saved"
              + " it");
    }
    backend.memory().uploadInPlace(savedScale, scale);
    backend.memory().uploadInPlace(savedTracker, tracker);
  }

  @Override
  public void close() {
    scale.close();
    tracker.close();
  }
}
