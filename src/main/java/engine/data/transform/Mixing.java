package engine.data.transform;

import engine.picture.Mix;
import engine.picture.Region;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.random.RandomGenerator;

/**
 * Mixup (Zhang et al., arXiv:1710.09412) and CutMix (Yun et al., arXiv:1905.04899) as torchvision's
 * references do them: what is drawn for a batch, and CutMix on the host's pixels. Mixup's blend is
 * {@code Elementwise.mixupInPlace}.
 */
public final class Mixing {
  private Mixing() {}

  /**
   * CutMix around a pixel: a box of half sides {@code int(sqrt(1 - lambda) / 2 * side)}, cut at the
   * borders.
   *
   * @param lambda the part of the picture that a box cut at no border would leave
   * @return {@link Mix#NONE} if no pixel is left of the box
   */
  public static Mix cut(int height, int width, double lambda, int centreX, int centreY) {
    double half = 0.5 * Math.sqrt(1 - lambda);
    int halfWidth = (int) (half * width);
    int halfHeight = (int) (half * height);
    int left = Math.max(centreX - halfWidth, 0);
    int top = Math.max(centreY - halfHeight, 0);
    int right = Math.min(centreX + halfWidth, width);
    int bottom = Math.min(centreY + halfHeight, height);
    return left < right && top < bottom
        ? Mix.cut(new Region(top, left, bottom - top, right - left), height, width)
        : Mix.NONE;
  }

  /** {@link #cut} around a pixel drawn uniformly. */
  public static Mix cut(int height, int width, double lambda, RandomGenerator random) {
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    return cut(height, width, lambda, x, y);
  }

  /**
   * Pastes the partners' pixels into the box, in place.
   *
   * @param pixels of {@code count} pictures (N, H, W), {@code pixelBytes} each
   * @param width of a picture, in pixels
   */
  public static void paste(MemorySegment pixels, int count, int width, int pixelBytes, Region box) {
    if (count == 1) {
      return;
    }
    long picture = pixels.byteSize() / count;
    long row = (long) width * pixelBytes;
    long from = (long) box.left() * pixelBytes;
    long bytes = (long) box.width() * pixelBytes;
    MemorySegment last =
        MemorySegment.ofArray(
            pixels.asSlice((count - 1) * picture, picture).toArray(ValueLayout.JAVA_BYTE));
    for (int i = count - 1; i >= 0; i--) {
      MemorySegment partner = i > 0 ? pixels.asSlice((i - 1) * picture, picture) : last;
      for (int y = box.top(); y < box.bottom(); y++) {
        long at = y * row + from;
        MemorySegment.copy(partner, at, pixels, i * picture + at, bytes);
      }
    }
  }

  /** A lambda from Beta(alpha, alpha), as both methods draw it once a batch. */
  public static double lambda(double alpha, RandomGenerator random) {
    if (!(alpha > 0)) {
      throw new IllegalArgumentException("alpha of mixup and cutmix is positive, not " + alpha);
    }
    double x = gamma(alpha, random);
    double y = gamma(alpha, random);
    return x + y > 0 ? x / (x + y) : random.nextBoolean() ? 1 : 0;
  }

  /** Gamma(shape, 1) by Marsaglia and Tsang (2000), section 6 for shapes below 1. */
  private static double gamma(double shape, RandomGenerator random) {
    if (shape < 1) {
      return gamma(shape + 1, random) * Math.pow(1 - random.nextDouble(), 1 / shape);
    }
    double d = shape - 1.0 / 3;
    double c = 1 / Math.sqrt(9 * d);
    while (true) {
      double x = random.nextGaussian();
      double v = Math.pow(1 + c * x, 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }
}
