package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import java.util.ArrayList;
import java.util.List;

/**
 * Element by element, operands broadcast to the result: {@code result = mode(alpha1 * x, alpha2 *
 * b)}.
 *
 * @param b the second operand, or dy; null for none
 * @param mask of a selection; null for none
 * @param result y, or dx
 */
record Pointwise(
    PointwiseShape shape,
    DnnTensor x,
    DnnTensor b,
    DnnTensor mask,
    DnnTensor result,
    double alpha1,
    double alpha2)
    implements Operation {

  static Pointwise of(Descriptor d) {
    PointwiseShape shape = d.part(Attribute.POINTWISE_DESC, PointwiseShape.class);
    DnnTensor x = d.part(Attribute.POINTWISE_X, DnnTensor.class);
    boolean backward = shape.mode().form == PointwiseMode.Form.BACKWARD;
    DnnTensor y = optional(d, Attribute.POINTWISE_Y, !backward);
    DnnTensor dx = optional(d, Attribute.POINTWISE_DX, backward);
    DnnTensor dy = optional(d, Attribute.POINTWISE_DY, backward);
    boolean second = !backward && shape.mode().form != PointwiseMode.Form.UNARY;
    DnnTensor b = optional(d, Attribute.POINTWISE_B, second);
    DnnTensor mask =
        optional(d, Attribute.POINTWISE_T, shape.mode().form == PointwiseMode.Form.SELECT);
    Pointwise p =
        new Pointwise(
            shape,
            x,
            backward ? dy : b,
            mask,
            backward ? dx : y,
            d.real(Attribute.POINTWISE_ALPHA1, 1),
            d.real(Attribute.POINTWISE_ALPHA2, 1));
    p.check();
    return p;
  }

  private static DnnTensor optional(Descriptor d, Attribute a, boolean wanted) {
    if (d.has(a) != wanted) {
      throw bad(wanted ? "%s is not set" : "%s does not belong to this pointwise mode", a);
    }
    return d.optionalPart(a, DnnTensor.class);
  }

  private void check() {
    long[] broadcast = new long[result.rank()];
    for (DnnTensor t : inputs()) {
      if (t.rank() != result.rank()) {
        throw bad("%s and %s are of different rank", t, result);
      }
      for (int i = 0; i < broadcast.length; i++) {
        if (t.dims()[i] != 1 && t.dims()[i] != result.dims()[i]) {
          throw bad("axis %d of %s does not broadcast to %s", i, t, result);
        }
        broadcast[i] = Math.max(broadcast[i], t.dims()[i]);
      }
    }
    for (int i = 0; i < broadcast.length; i++) {
      if (broadcast[i] != result.dims()[i]) {
        throw bad("axis %d of %s is longer than that of every operand", i, result);
      }
    }
  }

  @Override
  public String name() {
    return "pointwise " + shape.mode();
  }

  @Override
  public List<DnnTensor> inputs() {
    List<DnnTensor> in = new ArrayList<>(List.of(x));
    if (b != null) {
      in.add(b);
    }
    if (mask != null) {
      in.add(mask);
    }
    return in;
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(result);
  }

  @Override
  public void checkSupport() {
    if (shape.compute() != ElementType.F32) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE,
          "%s in %s: the software GPU computes it in float".formatted(name(), shape.compute()));
    }
    for (DnnTensor t : List.of(x, result)) {
      if (t.type() == ElementType.F64 || t.type() == ElementType.I64) {
        throw new DnnError(
            Status.NOT_SUPPORTED_DATA_TYPE, "%s of %s has no engine".formatted(name(), t));
      }
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    double[] out = new double[result.elements()];
    double[] xs = values.of(x);
    int[] fromX = Broadcast.indices(x.dims(), result.dims());
    double[] bs = b == null ? null : values.of(b);
    int[] fromB = b == null ? null : Broadcast.indices(b.dims(), result.dims());
    double[] masks = mask == null ? null : values.of(mask);
    int[] fromMask = mask == null ? null : Broadcast.indices(mask.dims(), result.dims());
    for (int i = 0; i < out.length; i++) {
      double left = (float) (alpha1 * xs[fromX[i]]);
      double right = bs == null ? 0 : (float) (alpha2 * bs[fromB[i]]);
      out[i] =
          masks == null
              ? (float) shape.mode().apply(left, right, shape)
              : masks[fromMask[i]] != 0 ? left : right;
    }
    values.put(result, out);
  }
}
