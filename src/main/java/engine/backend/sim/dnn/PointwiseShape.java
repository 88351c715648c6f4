package engine.backend.sim.dnn;

import engine.backend.sim.math.ElementType;

/**
 * A finalised pointwise descriptor.
 *
 * @param lower under it a ReLU gives {@code lower + slope * (x - lower)}
 * @param upper over it a ReLU gives {@code upper}
 */
record PointwiseShape(
    PointwiseMode mode, ElementType compute, double lower, double upper, double slope) {

  static PointwiseShape of(Descriptor d) {
    return new PointwiseShape(
        PointwiseMode.of(d.number(Attribute.POINTWISE_MODE)),
        DataTypes.of(d.number(Attribute.POINTWISE_MATH_PREC)),
        d.real(Attribute.POINTWISE_RELU_LOWER_CLIP, 0),
        d.real(Attribute.POINTWISE_RELU_UPPER_CLIP, Double.POSITIVE_INFINITY),
        d.real(Attribute.POINTWISE_RELU_LOWER_CLIP_SLOPE, 0));
  }

  /** NaN stays NaN. */
  double relu(double x) {
    return x < lower ? lower + slope * (x - lower) : Math.min(x, upper);
  }
}
