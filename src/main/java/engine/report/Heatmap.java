package engine.report;

import java.awt.image.BufferedImage;

/** A map of small numbers laid over a picture as colour. */
public final class Heatmap {
  private static final double STRENGTH = 0.55;

  private Heatmap() {}

  /**
   * @param map {@code rows * columns} values of 0 or more, stretched over the whole picture
   */
  public static BufferedImage over(BufferedImage picture, float[] map, int rows, int columns) {
    float top = 0;
    for (float v : map) {
      top = Math.max(top, v);
    }
    int w = picture.getWidth();
    int h = picture.getHeight();
    BufferedImage out = new BufferedImage(w, h, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < h; y++) {
      for (int x = 0; x < w; x++) {
        double v = top == 0 ? 0 : at(map, rows, columns, y, x, h, w) / top;
        out.setRGB(x, y, blend(picture.getRGB(x, y), v));
      }
    }
    return out;
  }

  /** Bilinear, pixel centres on pixel centres. */
  private static double at(float[] map, int rows, int columns, int y, int x, int h, int w) {
    double r = Math.clamp((y + 0.5) * rows / h - 0.5, 0, rows - 1);
    double c = Math.clamp((x + 0.5) * columns / w - 0.5, 0, columns - 1);
    int r0 = (int) r;
    int c0 = (int) c;
    int r1 = Math.min(r0 + 1, rows - 1);
    int c1 = Math.min(c0 + 1, columns - 1);
    double upper = map[r0 * columns + c0] * (1 - c + c0) + map[r0 * columns + c1] * (c - c0);
    double lower = map[r1 * columns + c0] * (1 - c + c0) + map[r1 * columns + c1] * (c - c0);
    return upper * (1 - r + r0) + lower * (r - r0);
  }

  /** From blue over green and yellow to red; what is cold leaves the picture darker. */
  private static int blend(int rgb, double v) {
    double red = Math.clamp(1.5 - Math.abs(4 * v - 3), 0, 1);
    double green = Math.clamp(1.5 - Math.abs(4 * v - 2), 0, 1);
    double blue = Math.clamp(1.5 - Math.abs(4 * v - 1), 0, 1);
    return mix(rgb >> 16, red) << 16 | mix(rgb >> 8, green) << 8 | mix(rgb, blue);
  }

  private static int mix(int level, double colour) {
    return (int) Math.round((1 - STRENGTH) * (level & 0xff) + STRENGTH * 255 * colour);
  }
}
