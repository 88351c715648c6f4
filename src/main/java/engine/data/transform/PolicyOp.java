package engine.data.transform;

import engine.data.image.PixelImage;
import engine.data.transform.Affine.Pair;

/**
 * The operations that RandAugment and TrivialAugment draw from, with torchvision's meaning of a
 * magnitude ({@code transforms.autoaugment._apply_op}) and its order in the list.
 */
enum PolicyOp {
  IDENTITY(false),
  /** Magnitude: the tangent of the angle; around the upper left corner. */
  SHEAR_X(true),
  SHEAR_Y(true),
  /** Magnitude: pixels, their fraction cut off. */
  TRANSLATE_X(true),
  TRANSLATE_Y(true),
  /** Magnitude: degrees counter-clockwise. */
  ROTATE(true),
  /** Magnitude of this and the next three: the factor less 1. */
  BRIGHTNESS(true),
  COLOR(true),
  CONTRAST(true),
  SHARPNESS(true),
  /** Magnitude: bits kept. */
  POSTERIZE(false),
  /** Magnitude: the least value that is inverted. */
  SOLARIZE(false),
  AUTO_CONTRAST(false),
  EQUALIZE(false);

  /** Whether the sign of the magnitude is drawn too. */
  final boolean signed;

  PolicyOp(boolean signed) {
    this.signed = signed;
  }

  PixelImage apply(PixelImage image, double magnitude, Interpolation interpolation) {
    return switch (this) {
      case IDENTITY -> image;
      case SHEAR_X -> shear(image, magnitude, 0, interpolation);
      case SHEAR_Y -> shear(image, 0, magnitude, interpolation);
      case TRANSLATE_X -> translate(image, (int) magnitude, 0, interpolation);
      case TRANSLATE_Y -> translate(image, 0, (int) magnitude, interpolation);
      case ROTATE ->
          Affine.rotation(magnitude, image.width(), image.height()).warp(image, interpolation);
      case BRIGHTNESS -> Enhance.brightness(image, 1 + magnitude);
      case COLOR -> Enhance.saturation(image, 1 + magnitude);
      case CONTRAST -> Enhance.contrast(image, 1 + magnitude);
      case SHARPNESS -> Enhance.sharpness(image, 1 + magnitude);
      case POSTERIZE -> PointOps.map(image, PointOps.posterize((int) magnitude));
      case SOLARIZE -> PointOps.map(image, PointOps.solarize((int) Math.ceil(magnitude)));
      case AUTO_CONTRAST -> Histograms.autocontrast(image);
      case EQUALIZE -> Histograms.equalize(image);
    };
  }

  private static PixelImage shear(PixelImage image, double x, double y, Interpolation how) {
    Pair degrees = new Pair(Math.toDegrees(Math.atan(x)), Math.toDegrees(Math.atan(y)));
    return Affine.of(0, Pair.ZERO, 1, degrees, Pair.ZERO).warp(image, how);
  }

  private static PixelImage translate(PixelImage image, int x, int y, Interpolation how) {
    return Affine.of(0, new Pair(x, y), 1, Pair.ZERO, Pair.centre(image)).warp(image, how);
  }
}
