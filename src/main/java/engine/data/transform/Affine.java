package engine.data.transform;

import engine.data.image.PixelImage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * Affine warps as PIL's {@code Image.transform} does them: for every output pixel, the matrix gives
 * the source position; outside the source is 0.
 *
 * <p>The matrix is {@code [a b c; d e f]} with {@code xin = a x + b y + c}, {@code yin = d x + e y
 * + f} at pixel centres.
 */
record Affine(double a, double b, double c, double d, double e, double f) {

  /** PIL's {@code Image.rotate}: {@code degrees} counter-clockwise around the centre. */
  static Affine rotation(double degrees, int width, int height) {
    double turn = degrees % 360.0;
    double radians = -Math.toRadians(turn < 0 ? turn + 360.0 : turn);
    double cos = round15(StrictMath.cos(radians));
    double sin = round15(StrictMath.sin(radians));
    double minusSin = round15(-StrictMath.sin(radians));
    double cx = width / 2.0;
    double cy = height / 2.0;
    return new Affine(
        cos,
        sin,
        cos * -cx + sin * -cy + 0.0 + cx,
        minusSin,
        cos,
        minusSin * -cx + cos * -cy + 0.0 + cy);
  }

  /** What an affine warp has for x and for y. */
  record Pair(double x, double y) {
    static final Pair ZERO = new Pair(0, 0);

    /** The middle of a picture. */
    static Pair centre(PixelImage image) {
      return new Pair(image.width() * 0.5, image.height() * 0.5);
    }
  }

  /**
   * torchvision's {@code affine}: shear x, then shear y, scale, rotate clockwise, translate.
   *
   * @param angle in degrees, as {@code shear}
   * @param translate in pixels
   * @param centre the point around which all of it is done
   */
  static Affine of(double angle, Pair translate, double scale, Pair shear, Pair centre) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("an affine scale is positive, not " + scale);
    }
    double rot = Math.toRadians(angle);
    double sx = Math.toRadians(shear.x);
    double sy = Math.toRadians(shear.y);
    double cosY = StrictMath.cos(sy);
    double tanX = StrictMath.tan(sx);
    double cos = StrictMath.cos(rot - sy);
    double sin = StrictMath.sin(rot - sy);
    double a = cos / cosY;
    double b = -cos * tanX / cosY - StrictMath.sin(rot);
    double c = sin / cosY;
    double d = -sin * tanX / cosY + StrictMath.cos(rot);
    // The inverse: rotation and shear have determinant 1.
    double m0 = d / scale;
    double m1 = -b / scale;
    double m3 = -c / scale;
    double m4 = a / scale;
    double dx = -centre.x - translate.x;
    double dy = -centre.y - translate.y;
    return new Affine(m0, m1, m0 * dx + m1 * dy + centre.x, m3, m4, m3 * dx + m4 * dy + centre.y);
  }

  PixelImage warp(PixelImage image, Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST -> AffineWarp.nearest(image, this);
      case BILINEAR -> AffineWarp.bilinear(image, this);
      case BICUBIC ->
          throw new IllegalArgumentException(
              "a warp interpolates nearest or bilinear, not bicubic");
    };
  }

  /** Python's {@code round(v, 15)}. */
  private static double round15(double v) {
    return new BigDecimal(v).setScale(15, RoundingMode.HALF_EVEN).doubleValue();
  }
}
