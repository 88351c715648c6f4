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
   * @param y the result
   * @param mean [C] batch mean
   * @param variance [C] biased batch variance
   * @param workspace the ReLU mask where the device keeps one, else null
   */
  record Trained(Tensor y, Tensor mean, Tensor variance, Tensor workspace)
      implements AutoCloseable {
    @Override
    public void close() {
      y.close();
      mean.close();
      variance.close();
      if (workspace != null) {
        workspace.close();
      }
    }
  }

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
   * @param saved what the forward returned; {@code saved.y} must still be live if a residual was
   *     added
   */
  Gradients backwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor scale,
      Tensor shift,
      Trained saved,
      float eps,
      boolean hadResidual,
      boolean relu);

  /**
   * Gradients of {@link #infer}: mean and variance are constants. May overwrite {@code dy}.
   *
   * @param y the forward's result
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
      Tensor runningMean, Tensor runningVariance, Trained batch, float momentum, long n);
}
