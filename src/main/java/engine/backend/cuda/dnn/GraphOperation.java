package engine.backend.cuda.dnn;

import engine.backend.Conv2dGeometry;
import java.util.List;
import java.util.stream.Stream;

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
   * Two values a channel, fp32, [1, C, 1, 1]: the scale and the shift of a norm, their gradients,
   * or the mean and the inverse deviation of the batch.
   */
  record PerChannel(GraphTensor first, GraphTensor second) {
    Stream<GraphTensor> both() {
      return Stream.of(first, second);
    }
  }

  /**
   * Batch norm in training.
   *
   * @param epsilon a fp32 number in host memory, as {@code momentum}
   * @param batch written
   * @param running mean and variance before, then both after
   */
  record NormForward(
      GraphTensor x,
      GraphTensor y,
      GraphTensor epsilon,
      GraphTensor momentum,
      PerChannel affine,
      PerChannel batch,
      List<GraphTensor> running)
      implements GraphOperation {}

  /**
   * The gradients of {@link NormForward}.
   *
   * @param batch as the forward wrote it
   * @param gradients of scale and shift, written
   */
  record NormBackward(
      GraphTensor x,
      GraphTensor dy,
      GraphTensor dx,
      GraphTensor scale,
      PerChannel batch,
      PerChannel gradients)
      implements GraphOperation {}
}
