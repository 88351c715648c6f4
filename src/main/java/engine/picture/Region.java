package engine.picture;

/**
 * A rectangle of pixels, in torchvision's order (i, j, h, w). As a crop it may reach outside of the
 * picture, where it is black.
 */
public record Region(int top, int left, int height, int width) {
  public Region {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(
          "a region has at least one pixel, not " + width + "x" + height);
    }
  }

  /** All of a picture. */
  public static Region whole(int width, int height) {
    return new Region(0, 0, height, width);
  }

  /** The first row behind it. */
  public int bottom() {
    return top + height;
  }

  /** The first column behind it. */
  public int right() {
    return left + width;
  }

  /** True if every pixel of this region lies in an image of that size. */
  public boolean inside(int imageWidth, int imageHeight) {
    return top >= 0 && left >= 0 && bottom() <= imageHeight && right() <= imageWidth;
  }
}
