package engine.data.transform;

import engine.data.image.PixelImage;
import engine.picture.ColorDraw;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import java.util.random.RandomGenerator;

/**
 * The end of what a training picture goes through, once it has its size: a flip, a colour jitter,
 * an erased rectangle. Drawing the numbers and using them are two things, so that a device can do
 * the second: {@link #onHost} does both here, from the same numbers and to the same bytes.
 */
public final class LateAugmentation {
  private final double flip;
  private final ColorJitter jitter;
  private final RandomErasing erasing;
  private final byte[] fill;

  /**
   * @param flip probability of a flip
   * @param jitter strength of brightness and contrast jitter, each; 0 for none
   * @param erasing probability of erasing a rectangle
   * @param norm says which bytes stand for what is erased
   */
  public LateAugmentation(double flip, double jitter, double erasing, Normalization norm) {
    this.flip = Draws.probability(flip);
    this.jitter = jitter > 0 ? new ColorJitter(jitter, jitter, 0, 0) : null;
    RandomErasing rule = RandomErasing.of(erasing);
    this.erasing = erasing > 0 ? rule : null;
    this.fill = rule.fill(norm);
  }

  /** The next numbers of {@code random}, for a picture of that size. */
  public PictureDraw draw(int height, int width, RandomGenerator random) {
    boolean flips = flip > 0 && random.nextDouble() < flip;
    ColorDraw color = jitter == null ? ColorDraw.NONE : jitter.draw(random);
    return new PictureDraw(
        flips, color, erasing == null ? null : erasing.draw(height, width, random));
  }

  /** Does what was drawn. */
  public PixelImage apply(PixelImage image, PictureDraw drawn) {
    PixelImage flipped = drawn.flip() ? Crops.flipHorizontally(image) : image;
    PixelImage colored = ColorJitter.apply(flipped, drawn.color());
    if (drawn.erased() == null) {
      return colored;
    }
    int width = colored.width();
    byte[] out = RandomErasing.erase(colored.data(), width, drawn.erased(), fill);
    return new PixelImage(width, colored.height(), colored.channels(), out);
  }

  /** Draws and does it. */
  public Transform onHost() {
    return (image, random) -> apply(image, draw(image.height(), image.width(), random));
  }

  /** The bytes of an erased pixel, one a channel. */
  public byte[] fill() {
    return fill.clone();
  }
}
