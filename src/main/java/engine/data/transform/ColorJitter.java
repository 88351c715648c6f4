package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.random.RandomGenerator;

/**
 * torchvision's {@code ColorJitter}: brightness, contrast and saturation by factors uniform in
 * {@code [max(0, 1 - v), 1 + v]}, hue by one in {@code [-v, v]}, in random order. A strength of 0
 * leaves that operation out.
 */
record ColorJitter(double brightness, double contrast, double saturation, double hue)
    implements Transform {
  ColorJitter {
    if (!(brightness >= 0 && contrast >= 0 && saturation >= 0 && hue >= 0 && hue <= 0.5)) {
      throw new IllegalArgumentException(
          "strengths of a colour jitter are 0 or more, and at most 0.5 for the hue; not "
              + brightness
              + ", "
              + contrast
              + ", "
              + saturation
              + ", "
              + hue);
    }
  }

  @Override
  public PixelImage apply(PixelImage image, RandomGenerator random) {
    int[] order = Draws.permutation(random, 4);
    double b = factor(random, brightness);
    double c = factor(random, contrast);
    double s = factor(random, saturation);
    double h = Draws.uniform(random, -hue, hue);
    PixelImage out = image;
    for (int op : order) {
      out =
          switch (op) {
            case 0 -> brightness > 0 ? Enhance.brightness(out, b) : out;
            case 1 -> contrast > 0 ? Enhance.contrast(out, c) : out;
            case 2 -> saturation > 0 ? Enhance.saturation(out, s) : out;
            default -> hue > 0 ? Hue.adjust(out, h) : out;
          };
    }
    return out;
  }

  private static double factor(RandomGenerator random, double strength) {
    return Draws.uniform(random, Math.max(0, 1 - strength), 1 + strength);
  }
}
