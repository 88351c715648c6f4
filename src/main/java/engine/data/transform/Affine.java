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

  /**
   * torchvision's {@code affine} around the centre: shear x, then shear y, scale, rotate clockwise,
   * translate; angles in degrees, translations in pixels.
   */
  static Affine of(
      double angle,
      double translateX,
      double translateY,
      double scale,
      double shearX,
      double shearY,
      int width,
      int height) {
    return of(angle, translateX, translateY, scale, shearX, shearY, width * 0.5, height * 0.5);
  }

  /** The same around the point (cx, cy). */
  static Affine of(
      double angle,
      double translateX,
      double translateY,
      double scale,
      double shearX,
      double shearY,
      double cx,
      double cy) {
    if (!(scale > 0)) {
      throw new IllegalArgumentException("an affine scale is positive, not " + scale);
    }
    double rot = Math.toRadians(angle);
    double sx = Math.toRadians(shearX);
    double sy = Math.toRadians(shearY);
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
    double dx = -cx - translateX;
    double dy = -cy - translateY;
    return new Affine(m0, m1, m0 * dx + m1 * dy + cx, m3, m4, m3 * dx + m4 * dy + cy);
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
