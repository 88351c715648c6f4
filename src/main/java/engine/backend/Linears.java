package engine.backend;

import engine.tensor.Tensor;

/** Fully connected layers and matrix products. */
public interface Linears {
  /**
   * y = x * w^T + b, F32.
   *
   * @param x [N, I]
   * @param w [O, I], F32 or of the type of x
   * @param bias [O] F32, or null
   */
  Tensor forward(Tensor x, Tensor w, Tensor bias);

  /** dy * w: [N, I], of type and layout of x. */
  Tensor backwardData(Tensor dy, Tensor w, Tensor x);

  /** dy^T * x: [O, I]. */
  Tensor backwardWeight(Tensor dy, Tensor x);

  /** Column sums of dy: [O]. */
  Tensor backwardBias(Tensor dy);
}
