package engine.picture;

import java.util.Arrays;

/**
 * torchvision's {@code ToTensor} and {@code Normalize}: {@code (v / 255 - mean) / std} per channel,
 * every step in float32.
 *
 * @param mean per channel, on the scale 0..1
 * @param std per channel, not 0
 */
public record Normalization(float[] mean, float[] std) {
  /** Red, green and blue of ImageNet's training pictures, as torchvision's weights expect. */
  public static final Normalization IMAGENET =
      new Normalization(new float[] {.485f, .456f, .406f}, new float[] {.229f, .224f, .225f});

  /** Fashion-MNIST's 60,000 training pictures, one channel. */
  public static final Normalization FASHION_MNIST =
      new Normalization(new float[] {.2860f}, new float[] {.3530f});

  /** CIFAR-10's 50,000 training pictures. */
  public static final Normalization CIFAR10 =
      new Normalization(new float[] {.4914f, .4822f, .4465f}, new float[] {.2470f, .2435f, .2616f});

  public Normalization {
    mean = mean.clone();
    std = std.clone();
    if (mean.length != std.length || (mean.length != 1 && mean.length != 3)) {
      throw new IllegalArgumentException(
          "a normalization has 1 or 3 means and as many deviations, not "
              + mean.length
              + " and "
              + std.length);
    }
    for (int c = 0; c < std.length; c++) {
      if (!(std[c] > 0) || !Float.isFinite(std[c]) || !Float.isFinite(mean[c])) {
        throw new IllegalArgumentException(
            "a normalization needs finite means and positive deviations, not "
                + Arrays.toString(mean)
                + " and "
                + Arrays.toString(std));
      }
    }
  }

  /** {@code ToTensor} alone: mean 0, deviation 1. */
  public static Normalization none(int channels) {
    float[] ones = new float[channels];
    Arrays.fill(ones, 1);
    return new Normalization(new float[channels], ones);
  }

  @Override
  public float[] mean() {
    return mean.clone();
  }

  @Override
  public float[] std() {
    return std.clone();
  }

  public int channels() {
    return mean.length;
  }

  /** The values of the 256 bytes in channel {@code c}. */
  public float[] table(int c) {
    float[] table = new float[256];
    for (int v = 0; v < 256; v++) {
      table[v] = (v / 255f - mean[c]) / std[c];
    }
    return table;
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Normalization n && Arrays.equals(mean, n.mean) && Arrays.equals(std, n.std);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(mean) + Arrays.hashCode(std);
  }

  @Override
  public String toString() {
    return "Normalization[mean=" + Arrays.toString(mean) + ", std=" + Arrays.toString(std) + "]";
  }
}
