package engine.backend;

import engine.tensor.Tensor;

/**
 * Batch normalisation over every axis but the second (Ioffe and Szegedy 2015), with what usually
 * follows it fused: {@code y = act(scale * (x - mean) / sqrt(variance + eps) + shift + residual)}.
 */
public interface Normalizations {
  /**
   * What a norm has learned of each channel.
   *
   * @param scale [C], or null for 1
   * @param shift [C], or null for 0
   * @param eps added to the variance
   */
  record Affine(Tensor scale, Tensor shift, float eps) {}

  /**
   * What follows a norm in the same pass.
   *
   * @param residual added before the ReLU, of the shape of x; or null
   */
  record After(Tensor residual, boolean relu) {
    /** The norm alone. */
    public static final After NOTHING = new After(null, false);
  }

  /**
   * What values are normalised by: of a batch, or running ones.
   *
   * @param mean [C]
   * @param variance [C]; of a batch the biased one
   */
  record Statistics(Tensor mean, Tensor variance) {}

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
   * @param batch its statistics
   * @param workspace the ReLU mask where the device keeps one, else null
   * @param deferred null where the result was computed
   */
  record Saved(Statistics batch, Tensor workspace, Deferred deferred) implements AutoCloseable {
    /** Where the result was computed. */
    public Saved(Statistics batch, Tensor workspace) {
      this(batch, workspace, null);
    }

    @Override
    public void close() {
      batch.mean.close();
      batch.variance.close();
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
   * What a backward knows of the forward's result.
   *
   * @param y null where the backward says that it does without
   * @param residual whether one was added
   * @param relu whether a ReLU was the end
   */
  record Result(Tensor y, boolean residual, boolean relu) {}

  /**
   * Gradients; scale and shift are null where the layer has none, {@code residual} where there was
   * none.
   */
  record Gradients(Tensor x, Tensor scale, Tensor shift, Tensor residual) {}

  /**
   * What training moves towards the statistics of its batches: {@code running = (1 - momentum) *
   * running + momentum * batch}; the variance enters unbiased, times n/(n-1) for n values a
   * channel.
   *
   * @param batches I64, a scalar that counts them; or null
   * @param momentum weight of each batch
   */
  record Running(Statistics statistics, Tensor batches, float momentum) {
    /** By which a biased variance of {@code n} values is multiplied: NaN for one. */
    public static float unbiased(long n) {
      return n > 1 ? (float) n / (n - 1) : Float.NaN;
    }
  }

  /**
   * Normalises with the statistics of the batch.
   *
   * @param x [N, C] or [N, C, ...]
   * @param sums over x, as {@link Convolutions#forwardForNorm} of this device gave them, so that x
   *     is read once and not twice; null for none
   * @param running is moved on; null for none
   */
  Trained train(Tensor x, Sums sums, Affine norm, After after, Running running);

  /** The same without running statistics. */
  default Trained train(Tensor x, Sums sums, Affine norm, After after) {
    return train(x, sums, norm, after, null);
  }

  /**
   * Normalises with the statistics of the batch, with a ReLU, for convolutions that do both as they
   * read x: nothing but a few values a channel is written. {@link #infer} with the mean and the
   * variance gives the result to whoever wants to see it.
   *
   * @param sums over x
   * @param running as {@link #train} takes it; where the answer is null it has not moved
   * @return what the forward leaves, with its {@link Saved#deferred}; null where this device has no
   *     such convolutions for x: the caller then turns to {@link #train}
   */
  default Saved defer(Tensor x, Sums sums, Affine norm, Running running) {
    return null;
  }

  /** Normalises with given statistics. */
  Tensor infer(Tensor x, Affine norm, Statistics fixed, After after);

  /**
   * Gradients of {@link #train} and {@link #defer}. May overwrite {@code dy}.
   *
   * @param result whose {@code y} is null unless it had both a residual and a ReLU
   * @param saved what the forward left
   */
  Gradients backwardInPlace(Tensor x, Tensor dy, Result result, Affine norm, Saved saved);

  /**
   * Gradients of {@link #infer}: the statistics are constants. May overwrite {@code dy}.
   *
   * @param result whose {@code y} is null unless it had a ReLU
   */
  Gradients inferBackwardInPlace(Tensor x, Tensor dy, Result result, Affine norm, Statistics fixed);
}
