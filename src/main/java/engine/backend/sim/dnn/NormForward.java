package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import engine.backend.sim.math.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Batch norm forward (Ioffe and Szegedy 2015, algorithm 1): {@code y = scale * (x - mean) *
 * invVariance + bias}. In training mean and inverse deviation are results; running statistics move
 * by {@code factor} towards them, the variance unbiased.
 *
 * @param running mean and variance before, mean and variance after; empty for none
 */
record NormForward(
    boolean training,
    DnnTensor x,
    DnnTensor mean,
    DnnTensor invVariance,
    DnnTensor scale,
    DnnTensor bias,
    DnnTensor epsilon,
    DnnTensor factor,
    List<DnnTensor> running,
    DnnTensor y)
    implements Operation {

  private static final int BATCH_NORM = 2;

  static NormForward of(Descriptor d) {
    if (d.number(Attribute.NORM_FORWARD_MODE) != BATCH_NORM) {
      throw new DnnError(Status.NOT_SUPPORTED, "the software GPU has batch norm only");
    }
    boolean training = d.number(Attribute.NORM_FORWARD_PHASE) == 1;
    List<DnnTensor> running = new ArrayList<>();
    for (Attribute a :
        List.of(
            Attribute.NORM_FORWARD_INPUT_RUNNING_MEAN,
            Attribute.NORM_FORWARD_INPUT_RUNNING_VAR,
            Attribute.NORM_FORWARD_OUTPUT_RUNNING_MEAN,
            Attribute.NORM_FORWARD_OUTPUT_RUNNING_VAR)) {
      if (d.has(a)) {
        running.add(d.part(a, DnnTensor.class));
      }
    }
    NormForward n =
        new NormForward(
            training,
            d.part(Attribute.NORM_FORWARD_X, DnnTensor.class),
            d.part(Attribute.NORM_FORWARD_MEAN, DnnTensor.class),
            d.part(Attribute.NORM_FORWARD_INV_VARIANCE, DnnTensor.class),
            d.part(Attribute.NORM_FORWARD_SCALE, DnnTensor.class),
            d.part(Attribute.NORM_FORWARD_BIAS, DnnTensor.class),
            d.optionalPart(Attribute.NORM_FORWARD_EPSILON, DnnTensor.class),
            d.optionalPart(Attribute.NORM_FORWARD_EXP_AVG_FACTOR, DnnTensor.class),
            running,
            d.part(Attribute.NORM_FORWARD_Y, DnnTensor.class));
    n.check();
    return n;
  }

  private void check() {
    if (!x.sameShape(y)) {
      throw bad("%s and %s differ in shape", x, y);
    }
    List.of(mean, invVariance, scale, bias).forEach(t -> Channels.check(x, t));
    running.forEach(t -> Channels.check(x, t));
    if (training && epsilon == null) {
      throw bad("training needs an epsilon");
    }
    if (!running.isEmpty() && (running.size() != 4 || factor == null || !training)) {
      throw bad("running statistics are four tensors and a factor, in training");
    }
  }

  @Override
  public String name() {
    return "batch norm forward";
  }

  @Override
  public List<DnnTensor> inputs() {
    List<DnnTensor> in = new ArrayList<>(List.of(x, scale, bias));
    if (!training) {
      in.addAll(List.of(mean, invVariance));
    }
    if (!running.isEmpty()) {
      in.addAll(running.subList(0, 2));
    }
    for (DnnTensor t : Arrays.asList(epsilon, factor)) {
      if (t != null) {
        in.add(t);
      }
    }
    return in.stream().filter(Objects::nonNull).toList();
  }

  @Override
  public List<DnnTensor> outputs() {
    List<DnnTensor> out = new ArrayList<>(List.of(y));
    if (training) {
      out.addAll(List.of(mean, invVariance));
    }
    if (!running.isEmpty()) {
      out.addAll(running.subList(2, 4));
    }
    return out;
  }

  @Override
  public void checkSupport() {
    boolean inside = y.virtual() && y.type() == ElementType.F32; // for what is fused to it
    if (!x.type().isFloating() || (x.type() != y.type() && !inside)) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE, "batch norm from %s to %s".formatted(x, y));
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    double[] in = values.of(x);
    int[] channel = Broadcast.indices(mean.dims(), x.dims());
    if (training) {
      statistics(values, in, channel);
    }
    double[] m = values.of(mean);
    double[] r = values.of(invVariance);
    double[] a = values.of(scale);
    double[] b = values.of(bias);
    double[] out = new double[in.length];
    for (int i = 0; i < out.length; i++) {
      int c = channel[i];
      out[i] = a[c] * ((in[i] - m[c]) * r[c]) + b[c];
    }
    values.put(y, out);
  }

  private void statistics(Values values, double[] in, int[] channel) {
    int channels = (int) x.dims()[1];
    double n = in.length / (double) channels;
    double[] m = new double[channels];
    double[] v = new double[channels];
    for (int i = 0; i < in.length; i++) {
      m[channel[i]] += in[i] / n;
    }
    for (int i = 0; i < in.length; i++) {
      double d = in[i] - m[channel[i]];
      v[channel[i]] += d * d / n;
    }
    double eps = values.of(epsilon)[0];
    double[] r = new double[channels];
    Arrays.setAll(r, c -> 1 / Math.sqrt(v[c] + eps));
    values.put(mean, m);
    values.put(invVariance, r);
    if (!running.isEmpty()) {
      double f = values.of(factor)[0];
      double unbiased = n / Math.max(1, n - 1);
      double[] oldMean = values.of(running.get(0));
      double[] oldVariance = values.of(running.get(1));
      double[] newMean = new double[channels];
      double[] newVariance = new double[channels];
      Arrays.setAll(newMean, c -> (1 - f) * oldMean[c] + f * m[c]);
      Arrays.setAll(newVariance, c -> (1 - f) * oldVariance[c] + f * v[c] * unbiased);
      values.put(running.get(2), newMean);
      values.put(running.get(3), newVariance);
    }
  }
}
