package engine.train;

import engine.backend.Backend;
import engine.backend.PictureFeed;
import engine.data.loader.Batch;
import engine.data.transform.Mixing;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Where a batch lies on the device, and its loss. Pictures come through a {@link PictureFeed} where
 * the device has one, which mixes them too; else the host's pixels are mixed and normalised here.
 */
final class StepInputs implements AutoCloseable {
  private final Backend backend;
  private final PictureFeed feed;
  private final Shape shape;
  private final Tensor images;
  private final Tensor targets;
  private final Tensor loss;

  /**
   * @param feed what brings the batches, or null
   * @param compute the type that the network computes in
   */
  StepInputs(Backend backend, PictureFeed feed, DType compute, Batch b, Objective objective) {
    this.backend = backend;
    this.feed = feed;
    shape = b.shape();
    images = feed == null ? backend.memory().empty(DType.F32, shape) : feed.empty(compute, shape);
    targets = objective.empty(backend, b.size());
    loss = backend.memory().empty(DType.F32, Shape.of());
  }

  /** Whether a batch has the shape of the one that this was made for. */
  boolean fits(Batch b) {
    return b.shape().equals(shape);
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
  void fill(Batch b, Normalization norm, Objective objective, Mix mix) {
    if (feed == null) {
      normalize(b, norm, mix);
    } else {
      feed.takeInPlace(mix, images);
    }
    backend.memory().uploadInPlace(objective.targets(b.labels(), mix), targets);
  }

  private void normalize(Batch b, Normalization norm, Mix mix) {
    if (mix.box() != null) {
      Mixing.paste(b.pixels(), b.size(), b.width(), b.channels(), mix.box());
    }
    backend.memory().normalizePixelsInPlace(b.pixels(), norm, images);
    if (mix.blends()) {
      backend.elementwise().mixupInPlace(images, mix.ownValues());
    }
  }

  @Override
  public void close() {
    images.close();
    targets.close();
    loss.close();
  }
}
