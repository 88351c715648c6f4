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

  /**
   * {@code max(0, x * w^T + b)} in one pass, F32, for inference; operands as for {@link #forward}.
   * A NaN may come out as one or as 0.
   */
  Tensor inferRelu(Tensor x, Tensor w, Tensor bias);

  /**
   * dy * w: [N, I], of type and layout of x. A device may multiply in the type of x, as PyTorch's
   * mixed precision does; sums are in F32.
   */
  Tensor backwardData(Tensor dy, Tensor w, Tensor x);

  /** dy^T * x: [O, I], F32, multiplied as in {@link #backwardData}. */
  Tensor backwardWeight(Tensor dy, Tensor x);

  /** Column sums of dy: [O]. */
  Tensor backwardBias(Tensor dy);
}
