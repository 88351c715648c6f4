package engine.data.transform;

import engine.data.image.PixelImage;
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

  /** The picture as channels, rows, columns (CHW). */
  public float[] apply(PixelImage image) {
    float[] out = new float[image.data().length];
    apply(image, out, 0);
    return out;
  }

  /**
   * Writes the picture as CHW floats at {@code out[offset]}: one image of a batch, with no copy.
   */
  public void apply(PixelImage image, float[] out, int offset) {
    if (image.channels() != mean.length) {
      throw new IllegalArgumentException(
          "the picture has "
              + image.channels()
              + " channels, the normalization "
              + mean.length
              + ": convert it with toRgb() or grayscale(1) first");
    }
    byte[] in = image.data();
    if (mean.length == 1) {
      float[] table = table(0);
      for (int i = 0; i < in.length; i++) {
        out[offset + i] = table[in[i] & 0xff];
      }
      return;
    }
    int plane = in.length / 3;
    float[] red = table(0);
    float[] green = table(1);
    float[] blue = table(2);
    for (int i = 0, at = 0; i < plane; i++, at += 3) {
      out[offset + i] = red[in[at] & 0xff];
      out[offset + plane + i] = green[in[at + 1] & 0xff];
      out[offset + 2 * plane + i] = blue[in[at + 2] & 0xff];
    }
  }

  /** The 256 values of a channel: fewer divisions than pixels, and the same ones. */
  private float[] table(int c) {
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
