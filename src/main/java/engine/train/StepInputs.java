package engine.train;

import engine.backend.Backend;
import engine.backend.PictureFeed;
import engine.data.Batch;
import engine.data.transform.Normalization;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Where a batch lies on the device, and its loss. Pictures come through a {@link PictureFeed} where
 * the device has one, which mixes them too; else the host's pixels are mixed and normalised here.
 */
final class StepInputs implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  private final Backend backend;
  private final PictureFeed feed;
  private final Tensor images;
  private final Tensor targets;
  private final Tensor loss;

  /** Made at the first blend: the partners' pixels, the same normalised, lambda and 1 - lambda. */
  private Arena arena;

  private MemorySegment partnerPixels;
  private Tensor partners;
  private Tensor shares;

  /**
   * @param feed what brings the batches, or null
   * @param compute the type that the network computes in
   */
  StepInputs(Backend backend, PictureFeed feed, DType compute, Batch b, Objective objective) {
    this.backend = backend;
    this.feed = feed;
    Shape shape = FedPictures.shape(b);
    images = feed == null ? backend.memory().empty(DType.F32, shape) : feed.empty(compute, shape);
    targets = objective.empty(backend, b.size());
    loss = backend.memory().empty(DType.F32, Shape.of());
  }

  /** [N, C, H, W]; F32, or what a feed makes for the type that the network computes in. */
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
   * Brings a batch of the same size to the device, mixed; with a feed it is the staged one. Without
   * one, cutmix changes the batch's own pixels.
   */
  void fill(Batch b, Normalization norm, Objective objective, BatchMixer.Mix mix) {
    if (feed == null) {
      normalize(b, norm, mix);
    } else {
      feed.takeInPlace(FedPictures.mix(mix), images);
    }
    backend.memory().uploadInPlace(objective.targets(b.labels(), mix), targets);
  }

  private void normalize(Batch b, Normalization norm, BatchMixer.Mix mix) {
    if (mix.box() != null) {
      BatchMixer.paste(b, mix.box());
    }
    backend.memory().normalizePixelsInPlace(b.pixels(), norm.mean(), norm.std(), images);
    if (mix.blends()) {
      blend(b, norm, (float) mix.lambda());
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed with this
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
