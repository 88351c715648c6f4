package engine.backend;

import engine.tensor.Tensor;

/** Sums and maxima over axes, softmax. Results are row-major. */
public interface Reductions {
  Tensor sum(Tensor x, int[] axes, boolean keepDim);

  Tensor mean(Tensor x, int[] axes, boolean keepDim);

  /**
   * Repeats {@code y} (a reduction of a tensor shaped as {@code x}) over the reduced axes, times
   * {@code factor}.
   */
  Tensor expand(Tensor y, Tensor x, int[] axes, float factor);

  Tensor amax(Tensor x, int[] axes, boolean keepDim);

  /** The gradient of {@link #amax}: shared equally by all maxima. */
  Tensor amaxBackward(Tensor dy, Tensor y, Tensor x, int[] axes);

  /** Values and I64 indices of the first maximum along an axis. */
  record MaxDim(Tensor values, Tensor indices) {}

  MaxDim maxDim(Tensor x, int axis, boolean keepDim);

  /** The gradient of {@link #maxDim}: the whole of it goes to the index taken. */
  Tensor maxDimBackward(Tensor dy, Tensor indices, Tensor x, int axis);

  Tensor softmax(Tensor x, int axis, boolean log);

  Tensor softmaxBackward(Tensor dy, Tensor y, int axis, boolean log);
}
