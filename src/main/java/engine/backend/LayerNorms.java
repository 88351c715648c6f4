package engine.backend;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Layer normalisation along one axis (Ba, Kiros and Hinton 2016): {@code y = scale * (x - mean) /
 * sqrt(variance + eps) + shift}, with the mean and the biased variance of each row, by which is
 * meant the values along the axis at one place of the others. Statistics are in fp32 or better,
 * whatever the type of x.
 */
public interface LayerNorms {
  /**
   * What a forward leaves for its backward, a value a row in the order of memory.
   *
   * @param mean [rows] F32
   * @param rstd [rows] F32, 1 / sqrt(variance + eps)
   */
  record Saved(Tensor mean, Tensor rstd) implements AutoCloseable {
    @Override
    public void close() {
      mean.close();
      rstd.close();
    }
  }

  /** The result of a forward, of the shape and type of x, and what it leaves. */
  record Normalized(Tensor y, Saved saved) {}

  /** Gradients of x, in its layout and type, and of scale and shift, F32. */
  record Gradients(Tensor x, Tensor scale, Tensor shift) {}

  /**
   * Normalises.
   *
   * @param x [..., C], or images [N, C, H, W]
   * @param scale [C] F32
   * @param shift [C] F32
   * @param axis the last one, or 1 of images
   */
  Normalized forward(Tensor x, Tensor scale, Tensor shift, int axis, float eps);

  /** Gradients of {@link #forward}. */
  Gradients backward(Tensor dy, Tensor x, Tensor scale, Saved saved, int axis);

  /**
   * Whether the axis is that of the channels of images, and not the last one.
   *
   * @throws IllegalArgumentException if it is neither
   */
  static boolean alongChannels(Shape x, int axis) {
    int a = Axes.axis(x.rank(), axis);
    if (a == x.rank() - 1) {
      return false;
    }
    if (a == 1 && x.rank() == 4) {
      return true;
    }
    throw new IllegalArgumentException(
        "layer norm goes along the last axis, or the channels of images [N, C, H, W], not axis %d of %s"
            .formatted(axis, x));
  }
}
