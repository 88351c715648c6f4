package engine.backend.sim.math;

import engine.backend.Conv2dGeometry;
import engine.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Products of bytes summed in 32 bits, in plain Java: fp32 would lose the low bits of large sums. A
 * sum that leaves 32 bits wraps around, as in the hardware.
 */
public final class WholeNumbers {
  private WholeNumbers() {}

  /** y of a cross-correlation of whole numbers; shapes as for {@link CpuMath#convolve}. */
  public static double[] convolve(double[] x, Shape xs, double[] w, Shape ws, Conv2dGeometry g) {
    Shape ys = g.outputShape(xs, ws);
    double[] y = new double[Math.toIntExact(ys.elements())];
    int plane = ys.size(2) * ys.size(3);
    IntStream.range(0, ys.size(0) * ys.size(1))
        .parallel()
        .forEach(
            image -> {
              int n = image / ys.size(1);
              int o = image % ys.size(1);
              for (int p = 0; p < plane; p++) {
                y[image * plane + p] = sum(x, xs, w, ws, g, n, o, p / ys.size(3), p % ys.size(3));
              }
            });
    return y;
  }

  private static int sum(
      double[] x, Shape xs, double[] w, Shape ws, Conv2dGeometry g, int n, int o, int i, int j) {
    int channels = ws.size(1);
    int first = o / (ws.size(0) / g.groups()) * channels;
    int sum = 0;
    for (int c = 0; c < channels; c++) {
      for (int r = 0; r < ws.size(2); r++) {
        int h = i * g.strideH() - g.padTop() + r * g.dilationH();
        if (h < 0 || h >= xs.size(2)) {
          continue;
        }
        int from = ((n * xs.size(1) + first + c) * xs.size(2) + h) * xs.size(3);
        int weight = ((o * channels + c) * ws.size(2) + r) * ws.size(3);
        for (int s = 0; s < ws.size(3); s++) {
          int v = j * g.strideW() - g.padLeft() + s * g.dilationW();
          if (v >= 0 && v < xs.size(3)) {
            sum += (int) x[from + v] * (int) w[weight + s];
          }
        }
      }
    }
    return sum;
  }

  /** a [m, k] times b [k, n], row-major. */
  public static double[] multiply(double[] a, double[] b, int m, int n, int k) {
    double[] c = new double[m * n];
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < n; j++) {
        int sum = 0;
        for (int l = 0; l < k; l++) {
          sum += (int) a[i * k + l] * (int) b[l * n + j];
        }
        c[i * n + j] = sum;
      }
    }
    return c;
  }
}
