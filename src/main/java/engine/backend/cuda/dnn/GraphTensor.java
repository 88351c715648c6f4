package engine.backend.cuda.dnn;

import engine.ffi.Cudnn;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;

/**
 * A tensor of an operation graph.
 *
 * @param id unique in its graph; data is bound to it when the graph runs
 * @param dataType a {@code CUDNN_DATA_…} constant
 * @param dims N, C, H, W, or O, C/groups, kH, kW
 * @param strides elements between neighbours along each of them
 * @param isVirtual whether it lives only inside the graph
 */
public record GraphTensor(
    long id, int dataType, List<Long> dims, List<Long> strides, boolean isVirtual) {

  /** A tensor with memory of its own, channels-last: N, H, W, C, or O, kH, kW, C/groups. */
  static GraphTensor of(long id, DType type, Shape s) {
    return new GraphTensor(id, dataType(type), dims(s), channelsLast(s), false);
  }

  /** Elements between neighbours along each axis where channels come last. */
  static List<Long> channelsLast(Shape s) {
    long c = s.dim(1);
    long w = s.dim(3);
    return List.of(s.dim(2) * w * c, 1L, w * c, c);
  }

  /** Signed bytes with memory of their own. */
  static GraphTensor ofBytes(long id, Shape shape, List<Long> strides) {
    return new GraphTensor(id, Cudnn.CUDNN_DATA_INT8, dims(shape), strides, false);
  }

  /** A fp32 value for each channel: [1, C, 1, 1]. */
  static GraphTensor perChannel(long id, long channels) {
    return of(id, DType.F32, Shape.of(1, channels, 1, 1));
  }

  /** A fp32 tensor of this shape that is never stored. */
  GraphTensor virtual(long newId) {
    return new GraphTensor(newId, Cudnn.CUDNN_DATA_FLOAT, dims, strides, true);
  }

  /** The same tensor with elements of a {@code CUDNN_DATA_…} type. */
  GraphTensor withType(int type) {
    return new GraphTensor(id, type, dims, strides, isVirtual);
  }

  /** From its first element to its last. */
  public long bytes() {
    long last = 0;
    for (int axis = 0; axis < dims.size(); axis++) {
      last += (dims.get(axis) - 1) * strides.get(axis);
    }
    return (last + 1) * elementBytes();
  }

  private int elementBytes() {
    return switch (dataType) {
      case Cudnn.CUDNN_DATA_FLOAT, Cudnn.CUDNN_DATA_INT32 -> 4;
      case Cudnn.CUDNN_DATA_HALF, Cudnn.CUDNN_DATA_BFLOAT16 -> 2;
      case Cudnn.CUDNN_DATA_INT8, Cudnn.CUDNN_DATA_BOOLEAN -> 1;
      default -> throw new IllegalStateException("data type " + dataType);
    };
  }

  private static List<Long> dims(Shape s) {
    return List.of(s.dim(0), s.dim(1), s.dim(2), s.dim(3));
  }

  private static int dataType(DType type) {
    return switch (type) {
      case F32 -> Cudnn.CUDNN_DATA_FLOAT;
      case F16 -> Cudnn.CUDNN_DATA_HALF;
      case BF16 -> Cudnn.CUDNN_DATA_BFLOAT16;
      default -> throw new IllegalArgumentException("cuDNN convolves no " + type);
    };
  }
}
