package engine.data.transform;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Mixup (Zhang et al., arXiv:1710.09412) and CutMix (Yun et al., arXiv:1905.04899) as torchvision's
 * references do them: the partner of image {@code i} is image {@code i - 1}, that of the first the
 * last. Batches are changed in place.
 */
public final class Mixing {
  private Mixing() {}

  /** One row of {@code classes} values a label: 1 at the label, 0 elsewhere. */
  public static float[] oneHot(long[] labels, int classes) {
    float[] out = new float[Math.multiplyExact(labels.length, classes)];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] < 0 || labels[i] >= classes) {
        throw new IllegalArgumentException(
            "label " + labels[i] + " is not one of " + classes + " classes");
      }
      out[i * classes + (int) labels[i]] = 1;
    }
    return out;
  }

  /**
   * {@code x[i] = lambda * x[i] + (1 - lambda) * x[i - 1]}: mixup of images, and of the soft
   * targets of either method.
   *
   * @param batch {@code count} rows of equal length
   */
  public static void mixup(float[] batch, int count, double lambda) {
    int length = rowLength(batch, count);
    float own = (float) lambda;
    float others = (float) (1 - lambda);
    float[] last = lastRow(batch, length);
    for (int i = count - 1; i >= 0; i--) {
      float[] partner = i > 0 ? batch : last;
      int from = i > 0 ? (i - 1) * length : 0;
      for (int k = 0; k < length; k++) {
        batch[i * length + k] = partner[from + k] * others + batch[i * length + k] * own;
      }
    }
  }

  /**
   * The box that CutMix pastes: half sides {@code int(sqrt(1 - lambda) / 2 * side)} around a
   * centre, cut at the borders. Its area may be 0.
   *
   * @return left, top, right, bottom; the last two excluded
   */
  public static int[] cutBox(int height, int width, double lambda, int centreX, int centreY) {
    double half = 0.5 * Math.sqrt(1 - lambda);
    int halfWidth = (int) (half * width);
    int halfHeight = (int) (half * height);
    return new int[] {
      Math.max(centreX - halfWidth, 0),
      Math.max(centreY - halfHeight, 0),
      Math.min(centreX + halfWidth, width),
      Math.min(centreY + halfHeight, height)
    };
  }

  /** {@link #cutBox} around a pixel drawn uniformly. */
  public static int[] cutBox(int height, int width, double lambda, RandomGenerator random) {
    int x = random.nextInt(width);
    int y = random.nextInt(height);
    return cutBox(height, width, lambda, x, y);
  }

  /** The part of the picture that a box leaves: the lambda with which CutMix mixes the targets. */
  public static double cutmixLambda(int height, int width, int[] box) {
    long area = (long) (box[2] - box[0]) * (box[3] - box[1]);
    return 1 - (double) area / ((long) width * height);
  }

  /**
   * Pastes the partner's pixels into the box.
   *
   * @param batch images as NCHW
   * @param box as {@link #cutBox} gives it
   */
  public static void cutmix(
      float[] batch, int count, int channels, int height, int width, int[] box) {
    int length = rowLength(batch, count);
    if (length != (long) channels * height * width) {
      throw new IllegalArgumentException(
          "images of " + length + " values are not " + channels + "x" + height + "x" + width);
    }
    float[] last = lastRow(batch, length);
    int cut = box[2] - box[0];
    for (int i = count - 1; i >= 0; i--) {
      float[] partner = i > 0 ? batch : last;
      int from = i > 0 ? (i - 1) * length : 0;
      for (int c = 0; c < channels; c++) {
        for (int y = box[1]; y < box[3]; y++) {
          int at = (c * height + y) * width + box[0];
          System.arraycopy(partner, from + at, batch, i * length + at, cut);
        }
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

  private static int rowLength(float[] batch, int count) {
    if (count < 1 || batch.length % count != 0) {
      throw new IllegalArgumentException(
          batch.length + " values are not " + count + " rows of equal length");
    }
    return batch.length / count;
  }

  private static float[] lastRow(float[] batch, int length) {
    return Arrays.copyOfRange(batch, batch.length - length, batch.length);
  }
}
