package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.ColorDraw;
import engine.picture.ColorDraw.Operation;
import java.util.Arrays;
import java.util.List;
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
    return apply(image, draw(random));
  }

  /** Does what was drawn. */
  static PixelImage apply(PixelImage image, ColorDraw drawn) {
    PixelImage out = image;
    for (Operation op : drawn.order()) {
      out =
          switch (op) {
            case BRIGHTNESS -> Enhance.brightness(out, drawn.brightness());
            case CONTRAST -> Enhance.contrast(out, drawn.contrast());
            case SATURATION -> Enhance.saturation(out, drawn.saturation());
            case HUE -> Hue.adjust(out, drawn.hue());
          };
    }
    return out;
  }

  /** The next numbers of {@code random}. */
  ColorDraw draw(RandomGenerator random) {
    int[] order = Draws.permutation(random, 4);
    double b = factor(random, brightness);
    double c = factor(random, contrast);
    double s = factor(random, saturation);
    double h = Draws.uniform(random, -hue, hue);
    double[] strengths = {brightness, contrast, saturation, hue};
    List<Operation> done =
        Arrays.stream(order)
            .filter(op -> strengths[op] > 0)
            .mapToObj(op -> Operation.values()[op])
            .toList();
    return new ColorDraw(done, b, c, s, h);
  }

  private static double factor(RandomGenerator random, double strength) {
    return Draws.uniform(random, Math.max(0, 1 - strength), 1 + strength);
  }
}
