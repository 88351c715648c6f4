package engine.backend.cuda.dnn;

import engine.backend.Conv2dGeometry;
import java.util.List;

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

  /**
   * Sums and sums of squares over all axes but the channels.
   *
   * @param sum fp32, [1, C, 1, 1], as {@code squares}
   */
  record Statistics(GraphTensor x, GraphTensor sum, GraphTensor squares)
      implements GraphOperation {}

  /**
   * Batch norm in training.
   *
   * @param epsilon a fp32 number in host memory, as {@code momentum}
   * @param mean of the batch, written, as {@code invDeviation}; like all that follow fp32, [1, C,
   *     1, 1]
   * @param running mean and variance before, then both after
   */
  record NormForward(
      GraphTensor x,
      GraphTensor y,
      GraphTensor epsilon,
      GraphTensor momentum,
      GraphTensor scale,
      GraphTensor shift,
      GraphTensor mean,
      GraphTensor invDeviation,
      List<GraphTensor> running)
      implements GraphOperation {}

  /**
   * The gradients of {@link NormForward}.
   *
   * @param mean as the forward wrote it, like {@code invDeviation}
   */
  record NormBackward(
      GraphTensor x,
      GraphTensor dy,
      GraphTensor dx,
      GraphTensor scale,
      GraphTensor mean,
      GraphTensor invDeviation,
      GraphTensor dscale,
      GraphTensor dshift)
      implements GraphOperation {}
}
