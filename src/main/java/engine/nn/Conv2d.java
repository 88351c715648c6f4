package engine.nn;

import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.random.RandomGenerator;

/**
 * A square convolution. One before a batch norm has no bias, since the norm would take it out
 * again.
 */
public final class Conv2d extends Module {
  private final Parameter weight;
  private final Parameter bias;
  private final Conv2dGeometry geometry;
  private ConvNorm pair;
  private boolean same;
  private Rounding rounding;
  private String name;

  /** Without bias. */
  public Conv2d(
      Backend backend,
      int in,
      int out,
      int kernel,
      int stride,
      int padding,
      RandomGenerator random) {
    this(backend, in, out, kernel, Conv2dGeometry.of(stride, padding, 1), false, random);
  }

  /**
   * Kaiming-normal weights by fan-out (He et al. 2015) and a bias of zeros, as torchvision's ResNet
   * and EfficientNet.
   *
   * @param random null for zeros, see {@link Init}
   * @param geometry whose groups divide {@code in}; as many groups as channels make it depthwise
   */
  public Conv2d(
      Backend backend,
      int in,
      int out,
      int kernel,
      Conv2dGeometry geometry,
      boolean withBias,
      RandomGenerator random) {
    this.geometry = geometry;
    Shape shape = Shape.of(out, in / geometry.groups(), kernel, kernel);
    Tensor w =
        random == null
            ? backend.memory().zeros(DType.F32, shape)
            : backend.memory().upload(Init.kaimingNormal(shape, Init.Fan.OUT, random));
    weight = parameter("weight", new Parameter(w, true));
    bias =
        withBias
            ? parameter(
                "bias",
                new Parameter(backend.memory().upload(Init.constant(Shape.of(out), 0)), false))
            : null;
  }

  /**
   * With a bias of zeros.
   *
   * @param initial [out, in/groups, kernel, kernel]
   */
  public Conv2d(Backend backend, HostTensor initial, Conv2dGeometry geometry) {
    this.geometry = geometry;
    weight = parameter("weight", new Parameter(backend.memory().upload(initial), true));
    Shape out = Shape.of(initial.shape().dim(0));
    bias = parameter("bias", new Parameter(backend.memory().upload(Init.constant(out, 0)), false));
  }

  public Parameter weight() {
    return weight;
  }

  /**
   * Pads from now on as TensorFlow's "same" does, whatever the geometry says, see {@link
   * Conv2dGeometry#paddedSame}.
   *
   * @return this
   */
  public Conv2d padSame() {
    same = true;
    return this;
  }

  /**
   * @param x shape of the images, on which the padding may depend
   */
  public Conv2dGeometry geometry(Shape x) {
    return same ? geometry.paddedSame(x, weight.shape()) : geometry;
  }

  /** Notes that a norm alone reads what it gives. */
  void pairedAs(ConvNorm p) {
    pair = p;
  }

  @Override
  public Variable forward(Tape tape, Variable x) {
    return pair == null
        ? alone(tape, x)
        : tape.hold(
            new ConvNorm.Convolution(pair, x),
            geometry(x.shape()).outputShape(x.shape(), weight.shape()));
  }

  /** See {@link Module#roundWith}; one with a norm leaves it to the pair. */
  void roundWith(Rounding r, String layer) {
    rounding = pair == null ? r : null;
    name = layer;
  }

  /** Computes it as it stands. */
  Variable alone(Tape tape, Variable x) {
    Variable w = rounding == null ? weight : rounding.weight(tape, name, weight);
    Variable y = Conv2dOp.apply(tape, x, w, bias, geometry(x.shape()));
    return rounding == null ? y : rounding.result(tape, name, y, true);
  }
}
