package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.CpuMath;
import java.util.ArrayList;
import java.util.List;

/**
 * Batch norm backward (Ioffe and Szegedy 2015, section 3): with {@code h = (x - mean) *
 * invVariance}, {@code dbias = sum(dy)}, {@code dscale = sum(dy * h)}, {@code dx = scale *
 * invVariance * (dy - dbias/n - h * dscale/n)}.
 *
 * @param epsilon not read, since the inverse deviation is given; or null
 */
record NormBackward(
    DnnTensor x,
    DnnTensor mean,
    DnnTensor invVariance,
    DnnTensor dy,
    DnnTensor scale,
    DnnTensor epsilon,
    DnnTensor dscale,
    DnnTensor dbias,
    DnnTensor dx)
    implements Operation {

  private static final int BATCH_NORM = 2;

  static NormBackward of(Descriptor d) {
    if (d.number(Attribute.NORM_BACKWARD_MODE) != BATCH_NORM) {
      throw new DnnError(Status.NOT_SUPPORTED, "the software GPU has batch norm only");
    }
    NormBackward n =
        new NormBackward(
            d.part(Attribute.NORM_BACKWARD_X, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_MEAN, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_INV_VARIANCE, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_DY, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_SCALE, DnnTensor.class),
            d.optionalPart(Attribute.NORM_BACKWARD_EPSILON, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_DSCALE, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_DBIAS, DnnTensor.class),
            d.part(Attribute.NORM_BACKWARD_DX, DnnTensor.class));
    if (!n.x.sameShape(n.dy) || !n.x.sameShape(n.dx)) {
      throw bad("%s, %s and %s differ in shape", n.x, n.dy, n.dx);
    }
    List.of(n.mean, n.invVariance, n.scale, n.dscale, n.dbias).forEach(t -> Channels.check(n.x, t));
    return n;
  }

  @Override
  public String name() {
    return "batch norm backward";
  }

  @Override
  public List<DnnTensor> inputs() {
    List<DnnTensor> in = new ArrayList<>(List.of(x, mean, invVariance, dy, scale));
    if (epsilon != null) {
      in.add(epsilon);
    }
    return in;
  }

  @Override
  public List<DnnTensor> outputs() {
    return List.of(dscale, dbias, dx);
  }

  @Override
  public void checkSupport() {
    if (!x.type().isFloating() || x.type() != dx.type()) {
      throw new DnnError(
          Status.NOT_SUPPORTED_DATA_TYPE, "batch norm from %s to %s".formatted(x, dx));
    }
  }

  @Override
  public void run(Values values, CpuMath cpu) {
    double[] in = values.of(x);
    double[] g = values.of(dy);
    double[] m = values.of(mean);
    double[] r = values.of(invVariance);
    double[] a = values.of(scale);
    int[] channel = Broadcast.indices(mean.dims(), x.dims());
    int channels = (int) x.dims()[1];
    double n = in.length / (double) channels;
    double[] sum = new double[channels];
    double[] dot = new double[channels];
    for (int i = 0; i < in.length; i++) {
      int c = channel[i];
      sum[c] += g[i];
      dot[c] += g[i] * ((in[i] - m[c]) * r[c]);
    }
    double[] out = new double[in.length];
    for (int i = 0; i < in.length; i++) {
      int c = channel[i];
      double h = (in[i] - m[c]) * r[c];
      out[i] = a[c] * r[c] * (g[i] - sum[c] / n - h * dot[c] / n);
    }
    values.put(dbias, sum);
    values.put(dscale, dot);
    values.put(dx, out);
  }
}
