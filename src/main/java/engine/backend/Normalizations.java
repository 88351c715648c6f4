package engine.backend;

import engine.tensor.Tensor;

/**
 * Batch normalisation over every axis but the second (Ioffe and Szegedy 2015), with what usually
 * follows it fused: {@code y = act(scale * (x - mean) / sqrt(variance + eps) + shift + residual)}.
 */
public interface Normalizations {
  /**
   * What a training forward leaves for its backward.
   *
   * @param mean [C] batch mean
   * @param variance [C] biased batch variance
   * @param workspace the ReLU mask where the device keeps one, else null
   */
  record Saved(Tensor mean, Tensor variance, Tensor workspace) implements AutoCloseable {
    @Override
    public void close() {
      mean.close();
      variance.close();
      if (workspace != null) {
        workspace.close();
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
   * Gradients of {@link #train}. May overwrite {@code dy}.
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
