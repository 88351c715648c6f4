package engine.backend.cuda.dnn;

import static engine.ffi.Cudnn.CUDNN_POINTWISE_ADD;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_MAX;
import static engine.ffi.Cudnn.CUDNN_POINTWISE_MUL;

import engine.backend.Conv2dGeometry;
import engine.backend.Conv2dGeometry.Padding;
import engine.backend.cuda.dnn.GraphOperation.Convolution;
import engine.backend.cuda.dnn.GraphOperation.Direction;
import engine.backend.cuda.dnn.GraphOperation.Pointwise;
import engine.ffi.Cudnn;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * The graph of one convolution of bytes, {@code y = saturate(round(max(factor * (x * w) + bias +
 * residualFactor * residual, lowest)))}: sums in int32, what follows in fp32. Zero points are in
 * the bias; the padding is in the frame of {@code x}.
 *
 * @param residual null for none
 * @param filterH height of the filters, which have all channels of {@code x}
 * @param geometry its padding at most the frame of {@code x}; one group
 * @param hasLowest whether there is a {@code lowest}: a ReLU that saturation does not do
 */
public record Int8ConvolutionGraph(
    FramedImages x,
    FramedImages y,
    FramedImages residual,
    long filterH,
    long filterW,
    Conv2dGeometry geometry,
    boolean hasLowest) {
  /** Ids that data is bound to. */
  public static final long IMAGES = 1;

  public static final long FILTERS = 2;
  public static final long RESULT = 3;

  /** fp32, one a channel. */
  public static final long FACTORS = 4;

  /** fp32, one a channel. */
  public static final long BIAS = 5;

  public static final long RESIDUAL = 6;

  /** One fp32 number. */
  public static final long RESIDUAL_FACTOR = 7;

  /** One fp32 number. */
  public static final long LOWEST = 8;

  /** Of tensors that are never stored. */
  private static final long FIRST_VIRTUAL = 10;

  private static final long CHANNELS = 16;

  /** Of a convolution of one layer: images in a frame as wide as its padding, results in none. */
  public static Int8ConvolutionGraph of(Shape x, Shape w, Conv2dGeometry g, boolean residual) {
    Shape y = g.outputShape(x, w);
    FramedImages result = new FramedImages(y.dim(0), padded(y.dim(1)), y.dim(2), y.dim(3), 0, 0);
    return new Int8ConvolutionGraph(
        new FramedImages(
            x.dim(0),
            padded(x.dim(1)),
            x.dim(2),
            x.dim(3),
            Math.max(g.padTop(), g.padBottom()),
            Math.max(g.padLeft(), g.padRight())),
        result,
        residual ? result : null,
        w.dim(2),
        w.dim(3),
        g,
        false);
  }

  /** Channels on the device: a multiple of 16, what every GPU from Turing on can read at once. */
  public static long padded(long channels) {
    return (channels + CHANNELS - 1) / CHANNELS * CHANNELS;
  }

  /** Shape of the filters, [O, C, kH, kW]; in memory O, kH, kW, C. */
  public Shape filters() {
    return Shape.of(y.channels(), x.channels(), filterH, filterW);
  }

  /** What cuDNN shall plan. */
  public OperationGraph graph() {
    GraphTensor sums = inside(FIRST_VIRTUAL).withType(Cudnn.CUDNN_DATA_INT32);
    List<GraphOperation> operations = new ArrayList<>();
    operations.add(
        new Convolution(
            Direction.FORWARD,
            x.tensor(IMAGES, geometry.padding()),
            GraphTensor.ofBytes(FILTERS, filters(), GraphTensor.channelsLast(filters())),
            sums,
            geometry.withPadding(new Padding(0, 0, 0, 0))));
    List<Step> steps = new ArrayList<>();
    steps.add(new Step(CUDNN_POINTWISE_MUL, perChannel(FACTORS)));
    steps.add(new Step(CUDNN_POINTWISE_ADD, perChannel(BIAS)));
    if (residual != null) {
      GraphTensor scaled = inside(FIRST_VIRTUAL + 1);
      GraphTensor factor = GraphTensor.perChannel(RESIDUAL_FACTOR, 1);
      operations.add(new Pointwise(CUDNN_POINTWISE_MUL, residual.tensor(RESIDUAL), factor, scaled));
      steps.add(new Step(CUDNN_POINTWISE_ADD, scaled));
    }
    if (hasLowest) {
      steps.add(new Step(CUDNN_POINTWISE_MAX, GraphTensor.perChannel(LOWEST, 1)));
    }
    GraphTensor at = sums;
    for (Step step : steps) {
      boolean last = step.equals(steps.getLast());
      GraphTensor to = last ? y.tensor(RESULT) : inside(at.id() + 2);
      operations.add(new Pointwise(step.mode, at, step.operand, to));
      at = to;
    }
    return new OperationGraph(name(), operations);
  }

  /** What is done to the sums, one after another. */
  private record Step(int mode, GraphTensor operand) {}

  private String name() {
    return "conv, scale, bias" + (residual == null ? "" : ", add") + (hasLowest ? ", relu" : "");
  }

  /** A fp32 tensor of the result's shape that is never stored. */
  private GraphTensor inside(long id) {
    return new FramedImages(y.images(), y.channels(), y.height(), y.width(), 0, 0)
        .tensor(id)
        .virtual(id);
  }

  private GraphTensor perChannel(long id) {
    return GraphTensor.perChannel(id, y.channels());
  }
}
