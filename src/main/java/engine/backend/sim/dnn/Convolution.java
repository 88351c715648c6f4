package engine.backend.sim.dnn;

import engine.backend.Conv2dGeometry;
import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.WholeNumbers;
import engine.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A convolution or one of its gradients: {@code result = alpha * computed + beta * result}.
 *
 * @param x input or its gradient
 * @param w filter or its gradient
 * @param y output or its gradient
 */
record Convolution(
    Direction direction,
    ConvolutionShape shape,
    DnnTensor x,
    DnnTensor w,
    DnnTensor y,
    double alpha,
    double beta)
    implements Operation {

  /** What is computed. */
  enum Direction {
    FORWARD,
    DATA,
    FILTER
  }

  static Convolution forward(Descriptor d) {
    return of(
        Direction.FORWARD,
        d,
        Attribute.CONV_FORWARD_DESC,
        Attribute.CONV_FORWARD_X,
        Attribute.CONV_FORWARD_W,
        Attribute.CONV_FORWARD_Y,
        d.real(Attribute.CONV_FORWARD_ALPHA, 1),
        d.real(Attribute.CONV_FORWARD_BETA, 0));
  }

  static Convolution data(Descriptor d) {
    return of(
        Direction.DATA,
        d,
        Attribute.CONV_DATA_DESC,
        Attribute.CONV_DATA_DX,
        Attribute.CONV_DATA_W,
        Attribute.CONV_DATA_DY,
        d.real(Attribute.CONV_DATA_ALPHA, 1),
        d.real(Attribute.CONV_DATA_BETA, 0));
  }

  static Convolution filter(Descriptor d) {
    return of(
        Direction.FILTER,
        d,
        Attribute.CONV_FILTER_DESC,
        Attribute.CONV_FILTER_X,
        Attribute.CONV_FILTER_DW,
        Attribute.CONV_FILTER_DY,
        d.real(Attribute.CONV_FILTER_ALPHA, 1),
        d.real(Attribute.CONV_FILTER_BETA, 0));
  }

  private static Convolution of(
      Direction direction,
      Descriptor d,
      Attribute desc,
      Attribute x,
      Attribute w,
      Attribute y,
      double alpha,
      double beta) {
    Convolution c =
        new Convolution(
            direction,
            d.part(desc, ConvolutionShape.class),
            d.part(x, DnnTensor.class),
            d.part(w, DnnTensor.class),
            d.part(y, DnnTensor.class),
            alpha,
            beta);
    c.shape.check(c.x, c.w, c.y);
    return c;
  }

  @Override
  public String name() {
    return switch (direction) {
      case FORWARD -> "convolution forward";
      case DATA -> "convolution backward data";
      case FILTER -> "convolution backward filter";
    };
  }

  private DnnTensor result() {
    return switch (direction) {
      case FORWARD -> y;
      case DATA -> x;
      case FILTER -> w;
    };
  }

  @Override
  public List<DnnTensor> inputs() {
    List<DnnTensor> in = new ArrayList<>(List.of(x, w, y));
    if (beta == 0) {
      in.remove(result());
    }
    return in;
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(result());
  }

  @Override
  public void checkSupport() {
    ConvolutionSupport.check(this);
  }

  /** Whether the operands are bytes, which are summed in 32 bits. */
  boolean isWhole() {
    return x.type() == ElementType.I8 && w.type() == ElementType.I8;
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    boolean padded = !shape.isSymmetric();
    Shape xs = padded ? shape.padded(x) : Shape.of(x.dims());
    Shape ws = Shape.of(w.dims());
    Shape ys = Shape.of(y.dims());
    Conv2dGeometry g = shape.geometry(ConvolutionShape.groups(x, w), padded);
    double[] computed =
        switch (direction) {
          case FORWARD -> {
            double[] in = Padding.add(values.factors(x), x, shape);
            yield isWhole()
                ? WholeNumbers.convolve(in, xs, values.of(w), ws, g)
                : cpu.convolve(in, xs, values.factors(w), ws, g);
          }
          case DATA ->
              Padding.remove(
                  cpu.convolveData(values.factors(y), ys, values.factors(w), ws, xs, g), x, shape);
          case FILTER ->
              cpu.convolveFilter(
                  Padding.add(values.factors(x), x, shape), xs, values.factors(y), ys, ws, g);
        };
    values.blend(result(), isWhole() ? computed : values.sums(computed), alpha, beta);
  }
}
