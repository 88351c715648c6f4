package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_POINTWISE_ADD;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_IDENTITY;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_RELU_FWD;

import engine.backend.Conv2dGeometry;
import engine.backend.cuda.dnn.GraphOperation.Convolution;
import engine.backend.cuda.dnn.GraphOperation.Direction;
import engine.backend.cuda.dnn.GraphOperation.Pointwise;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The graphs of one convolution, channels-last.
 *
 * @param type of images and filters
 * @param x shape of the images, [N, C, H, W]
 * @param w shape of the filters, [O, C/groups, kH, kW]
 */
public record ConvolutionGraphs(DType type, Shape x, Shape w, Conv2dGeometry geometry) {
  /** Ids that data is bound to. */
  public static final long IMAGES = 1;

  public static final long FILTERS = 2;
  public static final long RESULT = 3;
  public static final long BIAS = 4;
  public static final long RESIDUAL = 5;

  /**
   * @throws IllegalArgumentException where the shapes do not fit each other
   */
  public ConvolutionGraphs {
    geometry.outputShape(x, w);
  }

  /**
   * Tensor cores read halves in eights. cuDNN's engines for fewer channels add products up in less
   * than fp32 (its note REDUCED_PRECISION_REDUCTION) or copy the images first.
   */
  private static final int FEW = 8;

  /**
   * The graphs of a convolution, of more channels where halves have few and no groups: those beyond
   * the given ones are 0 in images and filters, and to be dropped from the filters' gradient. The
   * images' gradient wants no padding.
   */
  public static ConvolutionGraphs padded(DType type, Shape x, Shape w, Conv2dGeometry g) {
    ConvolutionGraphs asGiven = new ConvolutionGraphs(type, x, w, g);
    return type == DType.F32 || g.groups() != 1 || x.dim(1) >= FEW
        ? asGiven
        : new ConvolutionGraphs(type, x.with(1, FEW), w.with(1, FEW), g);
  }

  /** Shape of the result. */
  public Shape y() {
    return geometry.outputShape(x, w);
  }

  /** {@code act(x * w + bias + residual)}: what is asked for, in one graph. */
  public OperationGraph forward(boolean bias, boolean residual, boolean relu) {
    List<GraphOperation> operations = new ArrayList<>();
    StringBuilder name = new StringBuilder("conv");
    int after = (bias ? 1 : 0) + (residual ? 1 : 0) + (relu ? 1 : 0);
    GraphTensor result = tensor(RESULT, y());
    GraphTensor at = after == 0 ? result : result.virtual(10);
    operations.add(new Convolution(Direction.FORWARD, images(), filters(), at, geometry));
    if (bias) {
      GraphTensor to = --after == 0 ? result : result.virtual(11);
      GraphTensor b = GraphTensor.perChannel(BIAS, w.dim(0));
      operations.add(new Pointwise(CUDNN_POINTWISE_ADD, at, b, to));
      at = to;
      name.append(" + bias");
    }
    if (residual) {
      GraphTensor to = --after == 0 ? result : result.virtual(12);
      operations.add(new Pointwise(CUDNN_POINTWISE_ADD, at, tensor(RESIDUAL, y()), to));
      at = to;
      name.append(" + add");
    }
    if (relu) {
      operations.add(new Pointwise(CUDNN_POINTWISE_RELU_FWD, at, null, result));
      name.append(" + relu");
    }
    return new OperationGraph(name.toString(), operations);
  }

  /** The gradient of the images: {@link #IMAGES} is written, {@link #RESULT} read. */
  public OperationGraph backwardData() {
    return new OperationGraph(
        "data gradient",
        List.of(
            new Convolution(Direction.DATA, images(), filters(), tensor(RESULT, y()), geometry)));
  }

  /**
   * The gradient of the filters in fp32: {@link #FILTERS} is written. cuDNN has no filter gradient
   * of half operands that is written as fp32; it has one that stays inside the graph and is then
   * converted.
   */
  public OperationGraph backwardFilter() {
    if (type == DType.F32) {
      return backwardFilterOfType();
    }
    GraphTensor dw = GraphTensor.of(FILTERS, DType.F32, w);
    GraphTensor inside = dw.virtual(10);
    return new OperationGraph(
        "filter gradient + to fp32",
        List.of(
            new Convolution(Direction.FILTER, images(), inside, tensor(RESULT, y()), geometry),
            new Pointwise(CUDNN_POINTWISE_IDENTITY, inside, null, dw)));
  }

  /** The gradient of the filters in the type of the images, for GPUs that know no other. */
  private OperationGraph backwardFilterOfType() {
    return new OperationGraph(
        "filter gradient",
        List.of(
            new Convolution(Direction.FILTER, images(), filters(), tensor(RESULT, y()), geometry)));
  }

  /** The filter gradient in every form, the best first: no GPU knows all of them. */
  public List<OperationGraph> filterGradients() {
    return type == DType.F32
        ? List.of(backwardFilter())
        : List.of(backwardFilter(), backwardFilterOfType());
  }

  private GraphTensor images() {
    return tensor(IMAGES, x);
  }

  private GraphTensor filters() {
    return tensor(FILTERS, w);
  }

  private GraphTensor tensor(long id, Shape shape) {
    return GraphTensor.of(id, type, shape);
  }
}
