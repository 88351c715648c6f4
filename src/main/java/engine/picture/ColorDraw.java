package engine.picture;

import java.util.List;

/**
 * What a colour jitter drew for one picture. Colours are those of PIL's {@code ImageEnhance} and of
 * its 8-bit HSV, to the byte.
 *
 * @param order what is done, one after the other; none leaves the picture as it is
 * @param brightness a factor of 0 or more, as contrast and saturation
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
    return hueShift(hue);
  }

  /** The same of any part of the colour circle. */
  public static int hueShift(double hue) {
    return (int) (hue * 255);
  }
}
