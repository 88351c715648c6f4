package engine.data.transform;

import engine.data.image.PixelImage;
import java.util.random.RandomGenerator;

/**
 * A picture to a picture. The result depends on the picture and the generator's numbers alone, and
 * the picture given is never written to; it may be returned as it is.
 */
@FunctionalInterface
public interface Transform {
  PixelImage apply(PixelImage image, RandomGenerator random);
}
