package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.List;

/**
 * What a {@link ColorJitter} drew for one picture.
 *
 * @param order what is done, one after the other; none leaves the picture as it is
 * @param brightness a factor, as contrast and saturation
 * @param hue a part of the colour circle, -0.5..0.5
 */
public record ColorDraw(
    List<Operation> order, double brightness, double contrast, double saturation, double hue) {
  /** Changes nothing. */
  public static final ColorDraw NONE = new ColorDraw(List.of(), 1, 1, 1, 0);

  /** What a jitter does; the order is that of torchvision's numbers. */
  public enum Operation {
    BRIGHTNESS,
    CONTRAST,
    SATURATION,
    HUE
  }

  public ColorDraw {
    order = List.copyOf(order);
  }

  /** What is added to the byte of the hue, modulo 256. */
  public int hueShift() {
    return Hue.shift(hue);
  }

  PixelImage apply(PixelImage image) {
    PixelImage out = image;
    for (Operation op : order) {
      out =
          switch (op) {
            case BRIGHTNESS -> Enhance.brightness(out, brightness);
            case CONTRAST -> Enhance.contrast(out, contrast);
            case SATURATION -> Enhance.saturation(out, saturation);
            case HUE -> Hue.adjust(out, hue);
          };
    }
    return out;
  }
}
