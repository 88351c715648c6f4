package engine.picture;

/**
 * How the pictures of a batch are mixed, by torchvision's references: each with the one before it,
 * the first with the last, all in the same way.
 *
 * @param lambda the part of a picture's own target, 0..1, and where all is blended of its values
 * @param box what the partner's pixels replace (CutMix); null where all is blended (mixup)
 */
public record Mix(double lambda, Region box) {
  /** Every picture is its own. */
  public static final Mix NONE = new Mix(1, null);

  public Mix {
    if (!(lambda >= 0 && lambda <= 1)) {
      throw new IllegalArgumentException("a part of a mixed picture lies in 0..1, not " + lambda);
    }
  }

  /** The partner's pixels in a box of pictures of that size; its area is their part. */
  public static Mix cut(Region box, int height, int width) {
    if (!box.inside(width, height)) {
      throw new IllegalArgumentException(
          box + " is not inside pictures of " + width + "x" + height);
    }
    long area = (long) box.width() * box.height();
    return new Mix(1 - (double) area / ((long) width * height), box);
  }

  /** Which of {@code count} pictures picture {@code i} is mixed with. */
  public static int partner(int i, int count) {
    return i > 0 ? i - 1 : count - 1;
  }

  /** Whether values are blended. */
  public boolean blends() {
    return box == null && lambda < 1;
  }

  /** The part of a picture's own values in a blend; 1 where a box is replaced. */
  public float ownValues() {
    return box == null ? (float) lambda : 1;
  }
}
