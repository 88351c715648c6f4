package engine.backend.sim.math;

import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Devices;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * The heavy arithmetic, by the CPU device in fp32: products of fp16 and bf16 values are exact in
 * it, and sums are in the precision that the vendor libraries are asked for. The device is opened
 * when it is first needed.
 */
public final class CpuMath implements AutoCloseable {
  private final int threads;
  private Backend cpu;

  /**
   * @param threads of the CPU device; 0 for one a core
   */
  public CpuMath(int threads) {
    this.threads = threads;
  }

  private Backend cpu() {
    if (cpu == null) {
      cpu = Devices.open("cpu", threads);
    }
    return cpu;
  }

  /** y of a cross-correlation; shapes as for {@link engine.backend.Convolutions#forward}. */
  public double[] convolve(double[] x, Shape xs, double[] w, Shape ws, Conv2dGeometry g) {
    try (Tensor xt = upload(x, xs);
        Tensor wt = upload(w, ws);
        Tensor y = cpu().convolutions().forward(xt, wt, null, g)) {
      return download(y);
    }
  }

  /** dx. */
  public double[] convolveData(
      double[] dy, Shape ys, double[] w, Shape ws, Shape xs, Conv2dGeometry g) {
    try (Tensor dyt = upload(dy, ys);
        Tensor wt = upload(w, ws);
        Tensor dx = cpu().convolutions().backwardData(dyt, wt, xs, g)) {
      return download(dx);
    }
  }

  /** dw. */
  public double[] convolveFilter(
      double[] x, Shape xs, double[] dy, Shape ys, Shape ws, Conv2dGeometry g) {
    try (Tensor xt = upload(x, xs);
        Tensor dyt = upload(dy, ys);
        Tensor like = cpu().memory().empty(DType.F32, ws);
        Tensor dw = cpu().convolutions().backwardWeight(xt, dyt, like, null, g)) {
      return download(dw);
    }
  }

  /** a [m, k] times b [k, n], row-major. */
  public double[] multiply(double[] a, double[] b, int m, int n, int k) {
    if (k == 0) {
      return new double[m * n];
    }
    double[] bt = new double[n * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < n; j++) {
        bt[j * k + i] = b[i * n + j];
      }
    }
    try (Tensor at = upload(a, Shape.of(m, k));
        Tensor wt = upload(bt, Shape.of(n, k));
        Tensor y = cpu().linears().forward(at, wt, null)) {
      return download(y);
    }
  }

  private Tensor upload(double[] values, Shape shape) {
    float[] f = new float[values.length];
    for (int i = 0; i < f.length; i++) {
      f[i] = (float) values[i];
    }
    return cpu().memory().upload(HostTensor.of(f, shape.dims()));
  }

  private double[] download(Tensor t) {
    float[] f = cpu().memory().download(t).toFloats();
    double[] values = new double[f.length];
    Arrays.setAll(values, i -> f[i]);
    return values;
  }

  @Override
  public void close() {
    if (cpu != null) {
      cpu.close();
      cpu = null;
    }
  }
}
