package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.random.RandomGenerator;

/** One step from a decoded picture to a network's input; stateless, so any thread may use it. */
public interface Transform {
  /** The changed picture; every random choice is drawn from {@code random}. */
  PixelImage apply(PixelImage image, RandomGenerator random);
}
