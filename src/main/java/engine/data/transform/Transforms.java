package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.random.RandomGenerator;

/**
 * Factories of the random and geometric transforms, named as torchvision names them; {@link
 * Adjustments} has the colour operations with given strengths.
 */
public final class Transforms {
  private Transforms() {}

  /** One after the other; a sequence of none is the identity. */
  public static Transform compose(Transform... steps) {
    Transform[] all = steps.clone();
    return (image, random) -> {
      PixelImage out = image;
      for (Transform t : all) {
        out = t.apply(out, random);
      }
      return out;
    };
  }

  /** The shorter side to {@code shorterSide} pixels, the longer in proportion. */
  public static Transform resize(int shorterSide) {
    return resize(shorterSide, Interpolation.BILINEAR);
  }

  public static Transform resize(int shorterSide, Interpolation interpolation) {
    return new Resize(shorterSide, 0, 0, interpolation);
  }

  /**
   * The shorter side to {@code shorterSide}, or less where the longer would pass {@code maxSize}.
   */
  public static Transform resizeWithin(int shorterSide, int maxSize) {
    return new Resize(shorterSide, 0, maxSize, Interpolation.BILINEAR);
  }

  public static Transform resize(int height, int width) {
    return resize(height, width, Interpolation.BILINEAR);
  }

  public static Transform resize(int height, int width, Interpolation interpolation) {
    if (width < 1) {
      throw new IllegalArgumentException("resize to at least one pixel, not " + width);
    }
    return new Resize(height, width, 0, interpolation);
  }

  /** The central square; what the picture lacks is black. */
  public static Transform centerCrop(int size) {
    return centerCrop(size, size);
  }

  public static Transform centerCrop(int height, int width) {
    return (image, random) ->
        Crops.crop(image, Crops.central(image.width(), image.height(), height, width));
  }

  /** A given rectangle, which may reach outside; outside is black. */
  public static Transform crop(int top, int left, int height, int width) {
    Region region = new Region(top, left, height, width);
    return (image, random) -> Crops.crop(image, region);
  }

  /** A given rectangle, resized to {@code outHeight} by {@code outWidth} pixels. */
  public static Transform resizedCrop(
      int top, int left, int height, int width, int outHeight, int outWidth) {
    Region region = new Region(top, left, height, width);
    return (image, random) -> {
      boolean inside = region.inside(image.width(), image.height());
      PixelImage from = inside ? image : Crops.crop(image, region);
      Region source = inside ? region : Region.whole(width, height);
      return Resampler.resize(from, source, outWidth, outHeight, Interpolation.BILINEAR);
    };
  }

  /** Area 0.08 to 1 of the picture, ratio 3/4 to 4/3. */
  public static Transform randomResizedCrop(int size) {
    return randomResizedCrop(size, 0.08, 1, 3.0 / 4, 4.0 / 3);
  }

  public static Transform randomResizedCrop(
      int size, double minScale, double maxScale, double minRatio, double maxRatio) {
    return new RandomResizedCrop(
        size, minScale, maxScale, minRatio, maxRatio, Interpolation.BILINEAR);
  }

  /** A square from a random place of the picture with {@code padding} black pixels around it. */
  public static Transform randomCrop(int size, int padding) {
    return new RandomCrop(size, padding);
  }

  /** Mirrored left to right with probability {@code p}. */
  public static Transform randomHorizontalFlip(double p) {
    Draws.probability(p);
    return (image, random) -> random.nextDouble() < p ? Crops.flipHorizontally(image) : image;
  }

  public static Transform horizontalFlip() {
    return (image, random) -> Crops.flipHorizontally(image);
  }

  public static Transform verticalFlip() {
    return (image, random) -> Crops.flipVertically(image);
  }

  /** {@code border} black pixels on all four sides. */
  public static Transform pad(int border) {
    return pad(border, PaddingMode.CONSTANT, 0);
  }

  /**
   * @param fill the value of a constant border; not used by the other modes
   */
  public static Transform pad(int border, PaddingMode mode, int fill) {
    return new Pad(border, mode, fill);
  }

  /** Random brightness, contrast, saturation and hue, in random order; see torchvision's. */
  public static Transform colorJitter(
      double brightness, double contrast, double saturation, double hue) {
    return new ColorJitter(brightness, contrast, saturation, hue);
  }

  /**
   * RandAugment: {@code operations} drawn ones of one magnitude, 0..30 (torchvision's defaults are
   * 2 and 9).
   */
  public static Transform randAugment(int operations, int magnitude, Interpolation interpolation) {
    return RandomPolicy.randAugment(operations, magnitude, interpolation);
  }

  /** TrivialAugment Wide: one drawn operation of a drawn magnitude. */
  public static Transform trivialAugment(Interpolation interpolation) {
    return RandomPolicy.trivialAugment(interpolation);
  }

  /** Gray, as 1 channel or as 3 equal ones. */
  public static Transform grayscale(int channels) {
    if (channels != 1 && channels != 3) {
      throw new IllegalArgumentException("gray has 1 or 3 channels, not " + channels);
    }
    return (image, random) -> {
      PixelImage gray = Luma.gray(image);
      return channels == 1 ? gray : Luma.rgb(gray);
    };
  }

  /** Three channels; those of a gray picture are equal. */
  public static Transform toRgb() {
    return (image, random) -> Luma.rgb(image);
  }

  /** Counter-clockwise around the centre; the size stays, corners become black. */
  public static Transform rotate(double degrees, Interpolation interpolation) {
    return (image, random) ->
        Affine.rotation(degrees, image.width(), image.height()).warp(image, interpolation);
  }

  /** torchvision's {@code affine}: angles in degrees (clockwise), translations in pixels. */
  public static Transform affine(
      double angle,
      double translateX,
      double translateY,
      double scale,
      double shearX,
      double shearY,
      Interpolation interpolation) {
    Affine.Pair translate = new Affine.Pair(translateX, translateY);
    Affine.Pair shear = new Affine.Pair(shearX, shearY);
    return (image, random) ->
        Affine.of(angle, translate, scale, shear, Affine.Pair.centre(image))
            .warp(image, interpolation);
  }

  /** A transform that draws nothing, applied. */
  public static PixelImage apply(Transform fixed, PixelImage image) {
    return fixed.apply(image, NO_RANDOM);
  }

  private static final RandomGenerator NO_RANDOM =
      () -> {
        throw new IllegalStateException("this transform draws random numbers: give it a generator");
      };
}
