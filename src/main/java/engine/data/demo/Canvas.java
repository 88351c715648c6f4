package engine.data.demo;

import java.util.Arrays;

/** A picture being drawn: linear colours, and how far away what is seen in each pixel is. */
final class Canvas {
  static final float INFINITY = 1e9f;

  final int width;
  final int height;

  /** Red, green, blue of each pixel. */
  final float[] rgb;

  /** Distance along the view in metres. */
  final float[] depth;

  Canvas(int width, int height) {
    this.width = width;
    this.height = height;
    this.rgb = new float[width * height * 3];
    this.depth = new float[width * height];
    Arrays.fill(depth, INFINITY);
  }

  boolean holds(int x, int y) {
    return x >= 0 && x < width && y >= 0 && y < height;
  }

  void set(int x, int y, float[] color, float z) {
    int p = y * width + x;
    System.arraycopy(color, 0, rgb, 3 * p, 3);
    depth[p] = z;
  }

  /** Lays {@code color} over the pixel where nothing nearer than {@code z} is. */
  void over(int x, int y, float[] color, float alpha, float z) {
    if (!holds(x, y) || depth[y * width + x] < z || alpha <= 0) {
      return;
    }
    int p = y * width + x;
    float a = Math.min(1, alpha);
    for (int c = 0; c < 3; c++) {
      rgb[3 * p + c] += a * (color[c] - rgb[3 * p + c]);
    }
    if (a > .5f) {
      depth[p] = z;
    }
  }

  void read(int x, int y, float[] color) {
    int p = Math.clamp(y, 0, height - 1) * width + Math.clamp(x, 0, width - 1);
    System.arraycopy(rgb, 3 * p, color, 0, 3);
  }
}
