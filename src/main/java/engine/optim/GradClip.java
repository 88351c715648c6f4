package engine.optim;

import engine.autograd.Parameter;
import engine.backend.Backend;
import engine.backend.Optimizers;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Clipping by the global norm, as {@code torch.nn.utils.clip_grad_norm_}: all gradients are
 * multiplied by min(1, maxNorm / (norm + 1e-6)). With a {@link LossScaler} it also undoes the loss
 * scale (before the norm is compared) and says whether the step must be skipped. The gradients
 * themselves are not touched: the factor goes into the optimiser's own pass over them, and the host
 * does not wait for it.
 */
public final class GradClip implements AutoCloseable {
  private final Backend backend;
  private final double maxNorm;
  private final LossScaler scaler;
  private final Tensor control;

  /** Clipping alone. */
  public GradClip(Backend backend, double maxNorm) {
    this(backend, maxNorm, null);
  }

  /**
   * @param maxNorm infinite for no clipping
   * @param scaler whose scale the loss was multiplied by, or null
   */
  public GradClip(Backend backend, double maxNorm, LossScaler scaler) {
    Numbers.positive("largest gradient norm", maxNorm);
    this.backend = backend;
    this.maxNorm = maxNorm;
    this.scaler = scaler;
    control = backend.memory().empty(DType.F32, Shape.of(Optimizers.CONTROL));
    backend
        .memory()
        .uploadInPlace(HostTensor.of(new float[] {1, 0, 0}, Optimizers.CONTROL), control);
  }

  /**
   * Takes the norm of all gradients of the optimiser and decides what its next step does with them.
   */
  public void measure(Optimizer optimizer) {
    Tensor scale = scaler == null ? null : scaler.scale();
    try (Tensor norm = backend.optimizers().norm(gradients(optimizer))) {
      backend.optimizers().controlInPlace(norm, scale, maxNorm, control);
    }
  }

  /**
   * Decides whether the next step is skipped, from a loss and the gradients of norms and biases
   * alone: thousands of values rather than millions. A NaN that a kernel lost on the way to the
   * loss, as one with a fused ReLU may, is in the gradients of the norm it passed through. Nothing
   * is clipped.
   *
   * @param loss F32, a scalar
   */
  public void watch(Optimizer optimizer, Tensor loss) {
    List<Tensor> few = gradients(optimizer);
    few.removeIf(g -> g.shape().rank() > 1);
    few.add(loss);
    try (Tensor norm = backend.optimizers().norm(few)) {
      backend
          .optimizers()
          .controlInPlace(
              norm, scaler == null ? null : scaler.scale(), Double.POSITIVE_INFINITY, control);
    }
  }

  /**
   * Multiplies the gradients themselves, for who wants to look at them; the step must then go
   * without this.
   */
  public void applyInPlace(Optimizer optimizer) {
    optimizer.parameters().values().forEach(p -> p.widenGrad(backend));
    backend.optimizers().scaleInPlace(gradients(optimizer), control);
  }

  /** The norm last measured, of unscaled gradients before clipping. Waits for the device. */
  public double norm() {
    return backend.memory().download(control).get(2);
  }

  /** True if the step after the last measurement is skipped. Waits for the device. */
  public boolean skips() {
    return skips(backend.memory().download(control));
  }

  /** What {@link #skips()} gives, for who has downloaded the {@link #control}. */
  public static boolean skips(HostTensor control) {
    return control.get(1) != 0;
  }

  /** F32 [3], see {@link Optimizers}. */
  public Tensor control() {
    return control;
  }

  private static List<Tensor> gradients(Optimizer optimizer) {
    return new ArrayList<>(
        optimizer.parameters().values().stream()
            .map(Parameter::grad)
            .filter(Objects::nonNull)
            .toList());
  }

  @Override
  public void close() {
    control.close();
  }
}
