package engine.backend.cuda.dnn;

import engine.backend.Conv2dGeometry;

/** One operation of a graph; all compute in fp32, but convolutions of bytes sum in int32. */
public sealed interface GraphOperation {

  /** Which of the three tensors of a convolution is computed. */
  enum Direction {
    FORWARD,
    DATA,
    FILTER
  }

  /**
   * A convolution or one of its gradients.
   *
   * @param x images, or their gradient
   * @param w filters, or their gradient; their second extent tells the number of groups
   * @param y results, or their gradient
   */
  record Convolution(
      Direction direction, GraphTensor x, GraphTensor w, GraphTensor y, Conv2dGeometry geometry)
      implements GraphOperation {}

  /**
   * {@code y = mode(x, b)}, with broadcasting of {@code b}.
   *
   * @param mode a {@code CUDNN_POINTWISE_…} constant
   * @param b null where the function has one operand
   */
  record Pointwise(int mode, GraphTensor x, GraphTensor b, GraphTensor y)
      implements GraphOperation {}
}
