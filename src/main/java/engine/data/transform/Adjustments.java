package engine.data.transform;

/**
 * Factories of the colour operations with given strengths: torchvision's {@code adjust_*} and the
 * operations of RandAugment, on PIL images.
 */
public final class Adjustments {
  private Adjustments() {}

  /** Times {@code factor}. */
  public static Transform brightness(double factor) {
    return (image, random) -> Enhance.brightness(image, factor);
  }

  /** Away from (or, below 1, towards) the flat gray of the picture's mean. */
  public static Transform contrast(double factor) {
    return (image, random) -> Enhance.contrast(image, factor);
  }

  /** Away from (or, below 1, towards) the picture's gray version. */
  public static Transform saturation(double factor) {
    return (image, random) -> Enhance.saturation(image, factor);
  }

  /** Around the colour circle by a part of it, -0.5..0.5. */
  public static Transform hue(double factor) {
    return (image, random) -> Hue.adjust(image, factor);
  }

  /** Away from (or, below 1, towards) the smoothed picture. */
  public static Transform sharpness(double factor) {
    return (image, random) -> Enhance.sharpness(image, factor);
  }

  /** {@code 255 * (v / 255) ** gamma}. */
  public static Transform gamma(double gamma) {
    return table(PointOps.gamma(gamma, 1));
  }

  public static Transform autocontrast() {
    return (image, random) -> Histograms.autocontrast(image);
  }

  public static Transform equalize() {
    return (image, random) -> Histograms.equalize(image);
  }

  public static Transform invert() {
    return table(PointOps.invert());
  }

  /** Keeps the upper {@code bits} bits of each value. */
  public static Transform posterize(int bits) {
    return table(PointOps.posterize(bits));
  }

  /** Inverts values of at least {@code threshold}. */
  public static Transform solarize(int threshold) {
    return table(PointOps.solarize(threshold));
  }

  private static Transform table(byte[] table) {
    return (image, random) -> PointOps.map(image, table);
  }
}
