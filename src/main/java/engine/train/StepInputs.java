package engine.train;

import engine.backend.Backend;
import engine.data.Batch;
import engine.data.transform.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Where a batch lies on the device, and its loss. */
final class StepInputs implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Backend backend;
  private final Tensor images;
  private final Tensor targets;
  private final Tensor loss;

  /** Made at the first blend: the partners' pixels, the same normalised, lambda and 1 - lambda. */
  private Arena arena;

  private MemorySegment partnerPixels;
  private Tensor partners;
  private Tensor shares;

  StepInputs(Backend backend, Batch b, Objective objective) {
    this.backend = backend;
    images =
        backend.memory().empty(DType.F32, Shape.of(b.size(), b.channels(), b.height(), b.width()));
    targets = objective.empty(backend, b.size());
    loss = backend.memory().empty(DType.F32, Shape.of());
  }

  /** F32 [N, C, H, W]. */
  Tensor images() {
    return images;
  }

  /** As the objective wants them. */
  Tensor targets() {
    return targets;
  }

  /** F32, a scalar. */
  Tensor loss() {
    return loss;
  }

  /**
   * Brings a batch of the same size to the device, mixed; cutmix changes the batch's own pixels.
   */
  void fill(Batch b, Normalization norm, Objective objective, BatchMixer.Mix mix) {
    if (mix.box() != null) {
      BatchMixer.paste(b, mix.box());
    }
    backend.memory().normalizePixelsInPlace(b.pixels(), norm.mean(), norm.std(), images);
    if (mix.blends()) {
      blend(b, norm, (float) mix.lambda());
    }
    backend.memory().uploadInPlace(objective.targets(b.labels(), mix), targets);
  }

  private void blend(Batch b, Normalization norm, float lambda) {
    if (arena == null) {
      arena = Arena.ofShared();
      partnerPixels = arena.allocate(b.pixels().byteSize(), ALIGNMENT);
      partners = backend.memory().emptyLike(images);
      shares = backend.memory().empty(DType.F32, Shape.of(2));
    }
    BatchMixer.partners(b, partnerPixels);
    backend.memory().normalizePixelsInPlace(partnerPixels, norm.mean(), norm.std(), partners);
    backend.memory().uploadInPlace(HostTensor.of(new float[] {lambda, 1 - lambda}, 2), shares);
    // lambda * x + (1 - lambda) * partner is what a moving average computes.
    backend.optimizers().emaInPlace(List.of(images), List.of(partners), shares);
  }

  /** Waits for the device. */
  float readLoss() {
    return (float) backend.memory().download(loss).item();
  }

  @Override
  public void close() {
    images.close();
    targets.close();
    loss.close();
    if (arena != null) {
      partners.close();
      shares.close();
      arena.close();
    }
  }
}
