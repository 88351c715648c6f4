package engine.backend.sim;

/** The convolution of {@link SimulatedCudnnTest} and its gradients, in seven loops. */
final class Loops {
  private Loops() {}

  private interface Term {
    void add(int x, int w, int y);
  }

  private static void each(int channels, int outs, Term t) {
    for (int n = 0; n < 2; n++) {
      for (int o = 0; o < outs; o++) {
        for (int i = 0; i < 3; i++) {
          for (int j = 0; j < 7; j++) {
            for (int c = 0; c < channels; c++) {
              for (int r = 0; r < 3; r++) {
                for (int s = 0; s < 2; s++) {
                  int h = 2 * i - 1 + r;
                  int v = j - 2 + 2 * s;
                  if (h >= 0 && h < 5 && v >= 0 && v < 6) {
                    t.add(
                        ((n * channels + c) * 5 + h) * 6 + v,
                        ((o * channels + c) * 3 + r) * 2 + s,
                        ((n * outs + o) * 3 + i) * 7 + j);
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  static double[] forward(double[] x, double[] w) {
    int channels = x.length / 60;
    int outs = w.length / channels / 6;
    double[] y = new double[42 * outs];
    each(channels, outs, (a, b, c) -> y[c] += x[a] * w[b]);
    return y;
  }

  static double[] data(double[] w, double[] dy) {
    double[] dx = new double[240];
    each(4, 6, (a, b, c) -> dx[a] += dy[c] * w[b]);
    return dx;
  }

  static double[] filter(double[] x, double[] dy) {
    double[] dw = new double[144];
    each(4, 6, (a, b, c) -> dw[b] += dy[c] * x[a]);
    return dw;
  }
}
