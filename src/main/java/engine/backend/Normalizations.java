package engine.backend;

import engine.tensor.Tensor;

/**
 * Batch normalisation over every axis but the second (Ioffe and Szegedy 2015), with what usually
 * follows it fused: {@code y = act(scale * (x - mean) / sqrt(variance + eps) + shift + residual)}.
 */
public interface Normalizations {
  /**
   * Sums over the values of each channel, which a convolution can take while it writes them.
   *
   * @param sum [C] F32
   * @param squares [C] F32, of the squared values
   */
  record Sums(Tensor sum, Tensor squares) implements AutoCloseable {
    @Override
    public void close() {
      sum.close();
      squares.close();
    }
  }

  /**
   * A norm and its ReLU as {@code relu(x * factor + offset)}, left to the convolution that reads x:
   * the result itself is never written.
   *
   * @param x what is normalised; its owner keeps it
   * @param factor [C], of the type of x
   * @param offset [C], of the type of x
   */
  record Deferred(Tensor x, Tensor factor, Tensor offset) {}

  /**
   * What a training forward leaves for its backward.
   *
   * @param mean [C] batch mean
   * @param variance [C] biased batch variance
   * @param workspace the ReLU mask where the device keeps one, else null
   * @param deferred null where the result was computed
   */
  record Saved(Tensor mean, Tensor variance, Tensor workspace, Deferred deferred)
      implements AutoCloseable {
    public Saved(Tensor mean, Tensor variance, Tensor workspace) {
      this(mean, variance, workspace, null);
    }

    @Override
    public void close() {
      mean.close();
      variance.close();
      if (workspace != null) {
        workspace.close();
      }
      if (deferred != null) {
        deferred.factor.close();
        deferred.offset.close();
      }
    }
  }

  /** The result of a training forward, and what it leaves. */
  record Trained(Tensor y, Saved saved) {}

  /**
   * Gradients; scale and shift are null where the layer has none, {@code residual} where there was
   * none.
   */
  record Gradients(Tensor x, Tensor scale, Tensor shift, Tensor residual) {}

  /**
   * Normalises with the statistics of the batch.
   *
   * @param x [N, C] or [N, C, ...]
   * @param scale [C] or null
   * @param shift [C] or null
   * @param residual added before the ReLU, or null
   */
  Trained train(Tensor x, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu);

  /**
   * The same where sums over x are known, so that x is read once and not twice.
   *
   * @param sums as {@link Convolutions#forwardForNorm} of this device gave them; null for none
   */
  default Trained train(
      Tensor x, Sums sums, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    return train(x, scale, shift, eps, residual, relu);
  }

  /**
   * Normalises with the statistics of the batch, with a ReLU, for convolutions that do both as they
   * read x: nothing but a few values a channel is written. {@link #infer} with the mean and the
   * variance gives the result to whoever wants to see it.
   *
   * @param sums over x
   * @return what the forward leaves, with its {@link Saved#deferred}; null where this device has no
   *     such convolutions for x: the caller then turns to {@link #train}
   */
  default Saved defer(Tensor x, Sums sums, Tensor scale, Tensor shift, float eps) {
    return null;
  }

  /** Normalises with given statistics. */
  Tensor infer(
      Tensor x,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor residual,
      boolean relu);

  /**
   * Gradients of {@link #train} and {@link #defer}. May overwrite {@code dy}.
   *
   * @param y the forward's result; null unless it had both a residual and a ReLU
   * @param saved what the forward left
   */
  Gradients backwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Saved saved,
      float eps,
      boolean hadResidual,
      boolean relu);

  /**
   * Gradients of {@link #infer}: mean and variance are constants. May overwrite {@code dy}.
   *
   * @param y the forward's result; null unless it had a ReLU
   */
  Gradients inferBackwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean hadResidual,
      boolean relu);

  /**
   * {@code running = (1 - momentum) * running + momentum * batch}; the variance enters unbiased,
   * times n/(n-1).
   *
   * @param n values a channel that the batch statistics were taken over
   */
  void updateRunningInPlace(
      Tensor runningMean, Tensor runningVariance, Saved batch, float momentum, long n);
}
