package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import java.util.List;

/** Sums and sums of squares over all axes but the channels: what batch statistics are made of. */
record GenStats(DnnTensor x, DnnTensor sum, DnnTensor squares) implements Operation {

  static GenStats of(Descriptor d) {
    GenStats g =
        new GenStats(
            d.part(Attribute.GEN_STATS_X, DnnTensor.class),
            d.part(Attribute.GEN_STATS_SUM, DnnTensor.class),
            d.part(Attribute.GEN_STATS_SQ_SUM, DnnTensor.class));
    if (d.number(Attribute.GEN_STATS_MODE) != 0
        || DataTypes.of(d.number(Attribute.GEN_STATS_MATH_PREC)) != ElementType.F32) {
      throw bad("statistics are sums and sums of squares, in float");
    }
    Channels.check(g.x, g.sum);
    Channels.check(g.x, g.squares);
    return g;
  }

  @Override
  public String name() {
    return "statistics";
  }

  @Override
  public List<DnnTensor> inputs() {
    return List.of(x);
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(sum, squares);
  }

  @Override
  public void checkSupport() {
    if (sum.type() != ElementType.F32 || squares.type() != ElementType.F32) {
      throw new DnnError(Status.NOT_SUPPORTED_DATA_TYPE, "statistics are float");
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    double[] in = values.of(x);
    int channels = (int) x.dims()[1];
    int[] channel = Broadcast.indices(sum.dims(), x.dims());
    double[] s = new double[channels];
    double[] q = new double[channels];
    for (int i = 0; i < in.length; i++) {
      s[channel[i]] += in[i];
      q[channel[i]] += in[i] * in[i];
    }
    values.put(sum, s);
    values.put(squares, q);
  }
}
