package engine.data.transform;

/**
 * Bilinear resize of float images, as torch's {@code interpolate(align_corners=False)} does it,
 * with antialiasing (the triangle widened by the scale, as on PIL images) or without (two
 * neighbours a side, however much the image shrinks). Positions and weights are float32, as torch's
 * are.
 */
public final class TensorResize {
  private TensorResize() {}

  /**
   * @param in {@code planes * inHeight * inWidth} values
   * @return {@code planes * outHeight * outWidth} values
   */
  public static float[] bilinear(
      float[] in,
      int planes,
      int inHeight,
      int inWidth,
      int outHeight,
      int outWidth,
      boolean antialias) {
    if (in.length != (long) planes * inHeight * inWidth) {
      throw new IllegalArgumentException(
          planes + "x" + inHeight + "x" + inWidth + " values do not fit " + in.length);
    }
    Axis across = antialias ? Axis.triangle(inWidth, outWidth) : Axis.pair(inWidth, outWidth);
    Axis down = antialias ? Axis.triangle(inHeight, outHeight) : Axis.pair(inHeight, outHeight);
    float[] narrow = new float[planes * inHeight * outWidth];
    for (int y = 0; y < planes * inHeight; y++) {
      for (int x = 0; x < outWidth; x++) {
        narrow[y * outWidth + x] = across.sum(in, y * inWidth, 1, x);
      }
    }
    float[] out = new float[planes * outHeight * outWidth];
    for (int p = 0; p < planes; p++) {
      for (int y = 0; y < outHeight; y++) {
        for (int x = 0; x < outWidth; x++) {
          out[(p * outHeight + y) * outWidth + x] =
              down.sum(narrow, p * inHeight * outWidth + x, outWidth, y);
        }
      }
    }
    return out;
  }

  /** Output {@code i} is the sum of samples from {@code first[i]} on, weighted by its row. */
  private record Axis(int[] first, float[][] weights) {

    static Axis triangle(int in, int out) {
      float scale = (float) in / out;
      float stretch = Math.max(scale, 1);
      int[] first = new int[out];
      float[][] weights = new float[out][];
      for (int i = 0; i < out; i++) {
        float centre = scale * (i + 0.5f);
        int lo = Math.max((int) (centre - stretch + 0.5f), 0);
        int n = Math.min((int) (centre + stretch + 0.5f), in) - lo;
        float[] w = new float[n];
        float sum = 0;
        for (int t = 0; t < n; t++) {
          w[t] = Math.max(0, 1 - Math.abs((t + lo - centre + 0.5f) / stretch));
          sum += w[t];
        }
        for (int t = 0; t < n; t++) {
          w[t] /= sum;
        }
        first[i] = lo;
        weights[i] = w;
      }
      return new Axis(first, weights);
    }

    static Axis pair(int in, int out) {
      float scale = (float) in / out;
      int[] first = new int[out];
      float[][] weights = new float[out][];
      for (int i = 0; i < out; i++) {
        float position = Math.max(0, scale * (i + 0.5f) - 0.5f);
        int lo = Math.min((int) position, in - 1);
        float t = Math.min(position - lo, 1);
        first[i] = lo;
        weights[i] = lo + 1 < in ? new float[] {1 - t, t} : new float[] {1};
      }
      return new Axis(first, weights);
    }

    float sum(float[] in, int from, int step, int i) {
      float s = 0;
      int at = from + first[i] * step;
      for (float w : weights[i]) {
        s += w * in[at];
        at += step;
      }
      return s;
    }
  }
}
