package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_DATA_BOOLEAN;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_ADD;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_IDENTITY;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_MUL;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_RELU_FWD;

import engine.backend.Conv2dGeometry;
import engine.backend.cuda.dnn.GraphOperation.Convolution;
import engine.backend.cuda.dnn.GraphOperation.Direction;
import engine.backend.cuda.dnn.GraphOperation.NormBackward;
import engine.backend.cuda.dnn.GraphOperation.NormForward;
import engine.backend.cuda.dnn.GraphOperation.PerChannel;
import engine.backend.cuda.dnn.GraphOperation.Pointwise;
import engine.backend.cuda.dnn.GraphOperation.Statistics;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * What cuDNN can fuse of a convolution and the batch norms around it in a training step. Engines
 * for these read half precision with channels last, on Ampere and later GPUs; in fp32 they round to
 * TF32.
 *
 * <p>Training runs {@link #withStatistics} before each norm, and {@link #afterNormWithStatistics}
 * with {@link #filterGradientsAfterNorm} where the images are a norm with a ReLU: of the 86.4 GB
 * that a step of ResNet-50 moves at least (batch 256, fp16; {@code bench/gpu/ROOFLINE.md}) the
 * former saves 5.7 GB, the others 3.4 GB more, and those images are never kept. It does not run
 * {@link #norm}, which would read again what those two need not, nor {@link #normBackward}: for its
 * mask of a byte a number, not a bit, 4.9 GB would be written and read, and where a tensor is too
 * large to stay on the chip between the sums and the rest it reads everything twice, as our kernels
 * do (31.3 GB of the step). {@code engine doctor --plan} still asks for both.
 *
 * @param type of images, filters and results
 * @param x shape of the images, [N, C, H, W]
 * @param w shape of the filters, [O, C/groups, kH, kW]
 */
public record NormGraphs(DType type, Shape x, Shape w, Conv2dGeometry geometry) {
  /** Of the norm: before the convolution, of the type of the images; after it, fp32. */
  public static final long SCALE = 20;

  public static final long SHIFT = 21;

  /** Of the result, fp32, [1, O, 1, 1], as {@link #SQUARES}. */
  public static final long SUM = 30;

  public static final long SQUARES = 31;
  private static final long MEAN = 22;
  private static final long INV_DEVIATION = 23;
  private static final long EPSILON = 24;
  private static final long MOMENTUM = 25;
  private static final long RUNNING = 26;
  private static final long MASK = 32;
  private static final long GRADIENT = 33;
  private static final long VIRTUAL = 40;
  private static final long ACTIVATED = 50;

  /** The graphs for the shapes of others, which may have more channels than images have. */
  public static NormGraphs of(ConvolutionGraphs g) {
    return new NormGraphs(g.type(), g.x(), g.w(), g.geometry());
  }

  /** The convolution, and the sums that the norm after it needs. */
  public OperationGraph withStatistics() {
    GraphTensor y = result(ConvolutionGraphs.RESULT);
    return new OperationGraph(
        "conv + statistics", List.of(convolution(images(), y), statistics(y)));
  }

  /**
   * The same with the norm and the ReLU before it applied to the images as they are read, which
   * then never lie in memory normalised.
   */
  public OperationGraph afterNormWithStatistics() {
    GraphTensor y = result(ConvolutionGraphs.RESULT);
    GraphTensor activated = virtual(ACTIVATED, x);
    List<GraphOperation> operations = norm(activated);
    operations.add(convolution(activated, y));
    operations.add(statistics(y));
    return new OperationGraph("scale + shift + relu + conv + statistics", operations);
  }

  /**
   * The filters' gradient of that convolution, in every form, the best first. Unlike without a norm
   * that of the images' type is best: cuDNN 9.24 has engines of its own for it on Hopper and
   * Blackwell, where the one that ends in fp32 is compiled in seconds a graph and only a fallback.
   */
  public List<OperationGraph> filterGradientsAfterNorm() {
    return List.of(filterGradientAfterNorm(type), filterGradientAfterNorm(DType.F32));
  }

  private OperationGraph filterGradientAfterNorm(DType result) {
    GraphTensor dy = result(ConvolutionGraphs.RESULT);
    GraphTensor dw = GraphTensor.of(ConvolutionGraphs.FILTERS, result, w);
    GraphTensor activated = virtual(ACTIVATED, x);
    GraphTensor to = result == type ? dw : dw.virtual(VIRTUAL);
    List<GraphOperation> operations = norm(activated);
    operations.add(new Convolution(Direction.FILTER, activated, to, dy, geometry));
    if (result == type) {
      return new OperationGraph("scale + shift + relu + filter gradient", operations);
    }
    operations.add(new Pointwise(CUDNN_POINTWISE_IDENTITY, to, null, dw));
    return new OperationGraph("scale + shift + relu + filter gradient + to fp32", operations);
  }

  /** {@code relu(images * scale + shift)}. */
  private List<GraphOperation> norm(GraphTensor activated) {
    GraphTensor scaled = virtual(ACTIVATED + 1, x);
    GraphTensor shifted = virtual(ACTIVATED + 2, x);
    return new ArrayList<>(
        List.of(
            new Pointwise(CUDNN_POINTWISE_MUL, images(), perChannel(SCALE), scaled),
            new Pointwise(CUDNN_POINTWISE_ADD, scaled, perChannel(SHIFT), shifted),
            new Pointwise(CUDNN_POINTWISE_RELU_FWD, shifted, null, activated)));
  }

  /** {@code relu(norm(y) + residual)} of a convolution's result. */
  public OperationGraph norm(boolean residual, boolean relu) {
    GraphTensor out = result(ConvolutionGraphs.RESULT);
    List<GraphOperation> operations = new ArrayList<>();
    GraphTensor at = residual || relu ? out.virtual(VIRTUAL) : out;
    operations.add(normForward(at));
    if (residual) {
      GraphTensor to = relu ? out.virtual(VIRTUAL + 1) : out;
      GraphTensor added = result(ConvolutionGraphs.RESIDUAL);
      operations.add(new Pointwise(CUDNN_POINTWISE_ADD, at, added, to));
      at = to;
    }
    if (relu) {
      operations.add(new Pointwise(CUDNN_POINTWISE_RELU_FWD, at, null, out));
    }
    return new OperationGraph(
        "norm" + (residual ? " + add" : "") + (relu ? " + relu" : ""), operations);
  }

  /**
   * The gradients of the norm.
   *
   * @param relu whether a ReLU came after it: the gradient is then first multiplied by the mask of
   *     what passed, and kept for the residual branch
   */
  public OperationGraph normBackward(boolean relu) {
    GraphTensor dy = result(ConvolutionGraphs.RESULT);
    List<GraphOperation> operations = new ArrayList<>();
    if (relu) {
      GraphTensor mask = new GraphTensor(MASK, CUDNN_DATA_BOOLEAN, dy.dims(), dy.strides(), false);
      GraphTensor passed = result(GRADIENT);
      operations.add(new Pointwise(CUDNN_POINTWISE_MUL, dy, mask, passed));
      dy = passed;
    }
    operations.add(
        new NormBackward(
            result(ConvolutionGraphs.IMAGES),
            dy,
            result(GRADIENT + 1),
            fp32(SCALE),
            new PerChannel(fp32(MEAN), fp32(INV_DEVIATION)),
            new PerChannel(fp32(SUM), fp32(SQUARES))));
    return new OperationGraph(relu ? "mask + norm gradients" : "norm gradients", operations);
  }

  private NormForward normForward(GraphTensor y) {
    return new NormForward(
        result(ConvolutionGraphs.IMAGES),
        y,
        GraphTensor.perChannel(EPSILON, 1),
        GraphTensor.perChannel(MOMENTUM, 1),
        new PerChannel(fp32(SCALE), fp32(SHIFT)),
        new PerChannel(fp32(MEAN), fp32(INV_DEVIATION)),
        List.of(fp32(RUNNING), fp32(RUNNING + 1), fp32(RUNNING + 2), fp32(RUNNING + 3)));
  }

  private Convolution convolution(GraphTensor from, GraphTensor to) {
    GraphTensor filters = tensor(ConvolutionGraphs.FILTERS, w);
    return new Convolution(Direction.FORWARD, from, filters, to, geometry);
  }

  private Statistics statistics(GraphTensor y) {
    return new Statistics(y, fp32(SUM), fp32(SQUARES));
  }

  private GraphTensor images() {
    return tensor(ConvolutionGraphs.IMAGES, x);
  }

  private GraphTensor result(long id) {
    return tensor(id, geometry.outputShape(x, w));
  }

  /** Of the type of the images: engines with a prologue compute it in that. */
  private GraphTensor virtual(long id, Shape shape) {
    GraphTensor t = tensor(id, shape);
    return new GraphTensor(id, t.dataType(), t.dims(), t.strides(), true);
  }

  /** For the channels of the images, of their type. */
  private GraphTensor perChannel(long id) {
    return tensor(id, Shape.of(1, x.dim(1), 1, 1));
  }

  /** For the channels of the result. */
  private GraphTensor fp32(long id) {
    return GraphTensor.perChannel(id, w.dim(0));
  }

  private GraphTensor tensor(long id, Shape shape) {
    return GraphTensor.of(id, type, shape);
  }
}
