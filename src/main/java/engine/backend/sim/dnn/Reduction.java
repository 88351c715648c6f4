package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import java.util.Arrays;
import java.util.List;

/** Sums or extremes over the axes where {@code y} has extent 1. */
record Reduction(Operator operator, ElementType compute, DnnTensor x, DnnTensor y)
    implements Operation {

  /** {@code cudnnReduceTensorOp_t}. */
  enum Operator {
    ADD(0),
    MIN(2),
    MAX(3),
    AMAX(4);

    final int number;

    Operator(int number) {
      this.number = number;
    }
  }

  /** A finalised reduction descriptor. */
  record Shape(Operator operator, ElementType compute) {
    static Shape of(Descriptor d) {
      long number = d.number(Attribute.REDUCTION_OPERATOR);
      Operator operator =
          Arrays.stream(Operator.values())
              .filter(o -> o.number == number)
              .findFirst()
              .orElseThrow(
                  () ->
                      new DnnError(
                          Status.NOT_SUPPORTED,
                          "there is no engine for the reduction operator %d: CUDNN_REDUCE_TENSOR_AVG is a scaled sum"
                              .formatted(number)));
      return new Shape(operator, DataTypes.of(d.number(Attribute.REDUCTION_COMP_TYPE)));
    }
  }

  static Reduction of(Descriptor d) {
    Shape s = d.part(Attribute.REDUCTION_DESC, Shape.class);
    DnnTensor x = d.part(Attribute.REDUCTION_X, DnnTensor.class);
    DnnTensor y = d.part(Attribute.REDUCTION_Y, DnnTensor.class);
    if (x.rank() != y.rank()) {
      throw bad("%s and %s are of different rank", x, y);
    }
    for (int i = 0; i < x.rank(); i++) {
      if (y.dims()[i] != 1 && y.dims()[i] != x.dims()[i]) {
        throw bad("axis %d of %s is neither reduced nor that of %s", i, y, x);
      }
    }
    return new Reduction(s.operator, s.compute, x, y);
  }

  @Override
  public String name() {
    return "reduction " + operator;
  }

  @Override
  public List<DnnTensor> inputs() {
    return List.of(x);
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(y);
  }

  @Override
  public void checkSupport() {
    boolean channels = x.rank() == 4;
    boolean everything = true;
    for (int i = 0; i < y.rank(); i++) {
      channels &= y.dims()[i] == (i == 1 ? x.dims()[1] : 1);
      everything &= y.dims()[i] == 1;
    }
    if (!channels && !everything) {
      throw new DnnError(
          Status.NOT_SUPPORTED_GRAPH_PATTERN,
          "%s to %s: engines reduce to one value, or to one a channel".formatted(x, y));
    }
    if (compute != ElementType.F32 || y.type() != ElementType.F32) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE, "reductions compute in float and give float");
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    double[] in = values.of(x);
    double[] out = new double[y.elements()];
    if (operator == Operator.MIN || operator == Operator.MAX) {
      Arrays.fill(
          out, operator == Operator.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY);
    }
    int[] to = Broadcast.indices(y.dims(), x.dims());
    for (int i = 0; i < in.length; i++) {
      double old = out[to[i]];
      out[to[i]] =
          switch (operator) {
            case ADD -> old + in[i];
            case MIN -> Math.min(old, in[i]);
            case MAX -> Math.max(old, in[i]);
            case AMAX -> Math.max(old, Math.abs(in[i]));
          };
    }
    values.put(y, out);
  }
}
