package engine.data.demo;

import engine.base.Seeds;
import engine.data.image.PixelImage;

/**
 * Draws single pictures; each depends on its own number only, so any thread may draw any of them.
 */
final class DemoPictures {
  private static final int OVERSAMPLE = 2;

  private DemoPictures() {}

  /**
   * Picture {@code number} of {@code scene}, {@code width} pixels wide and three quarters as high.
   */
  static PixelImage draw(Scene scene, int number, int width, long seed) {
    Dice dice = new Dice(Seeds.stream(seed, scene.ordinal(), number));
    Canvas canvas = new Canvas(width * OVERSAMPLE, width * 3 / 4 * OVERSAMPLE);
    scene.paint(new Shot(canvas, dice));
    return Film.develop(canvas, OVERSAMPLE, dice);
  }
}
