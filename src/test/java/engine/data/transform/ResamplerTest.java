package engine.data.transform;

import static engine.data.transform.Pictures.assertSame;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ResamplerTest {
  @Test
  void resizeToTheSameSizeIsTheIdentity() {
    for (int channels : new int[] {1, 3}) {
      PixelImage image = Pictures.noise(37, 21, channels, 1);
      assertSame(image, Transforms.apply(Transforms.resize(21, 37), image));
      for (Interpolation kernel : Interpolation.values()) {
        assertSame(image, Resampler.resize(image, Region.whole(37, 21), 37, 21, kernel));
      }
    }
  }

  @Test
  void aFlatPictureStaysFlat() {
    for (int value : new int[] {0, 1, 127, 254, 255}) {
      for (Interpolation kernel : Interpolation.values()) {
        PixelImage image = Pictures.flat(50, 40, 3, value);
        PixelImage out = Resampler.resize(image, Region.whole(50, 40), 23, 71, kernel);
        assertSame(Pictures.flat(23, 71, 3, value), out);
      }
    }
  }

  @Test
  void resizingARegionReadsNothingOutsideOfIt() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      int channels = random.nextBoolean() ? 1 : 3;
      PixelImage image =
          Pictures.noise(random.nextInt(1, 60), random.nextInt(1, 60), channels, random.nextLong());
      Region r = part(random, image.width(), image.height());
      Interpolation kernel = Interpolation.values()[random.nextInt(3)];
      int w = random.nextInt(1, 50);
      int h = random.nextInt(1, 50);
      PixelImage cropped = Crops.crop(image, r);
      Region whole = Region.whole(r.width(), r.height());
      assertSame(
          Resampler.resize(cropped, whole, w, h, kernel), Resampler.resize(image, r, w, h, kernel));
    }
  }

  @Test
  void aWindowOfTheResultIsThatPartOfTheWholeResult() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 200; i++) {
      PixelImage image =
          Pictures.noise(random.nextInt(1, 60), random.nextInt(1, 60), 3, random.nextLong());
      Region all = Region.whole(image.width(), image.height());
      Interpolation kernel = Interpolation.values()[random.nextInt(3)];
      int w = random.nextInt(1, 50);
      int h = random.nextInt(1, 50);
      Region window = part(random, w, h);
      assertSame(
          Crops.crop(Resampler.resize(image, all, w, h, kernel), window),
          Resampler.resize(image, all, w, h, window, kernel));
    }
  }

  @Test
  void theLongerSideIsTruncatedNotRounded() {
    Resize to = Resize.shorterSide(256, Interpolation.BILINEAR);
    PixelImage wide = Pictures.flat(500, 375, 1, 0);
    assertEquals(341, to.outputWidth(wide)); // 341.33
    assertEquals(256, to.outputHeight(wide));
    PixelImage high = Pictures.flat(375, 499, 1, 0);
    assertEquals(340, to.outputHeight(high)); // 340.65
  }

  @Test
  void thousandsOfTapsDoNotOverflow() {
    PixelImage image = Pictures.flat(40_000, 2, 3, 255);
    PixelImage out = Resampler.resize(image, Region.whole(40_000, 2), 1, 1, Interpolation.BILINEAR);
    assertSame(Pictures.flat(1, 1, 3, 255), out);
  }

  @Test
  void aPictureTooNarrowToResizeIsSaidInOneSentence() {
    PixelImage line = Pictures.flat(30_000, 1, 3, 9);
    Exception e =
        assertThrows(
            IllegalArgumentException.class, () -> Transforms.apply(Transforms.resize(256), line));
    assertTrue(e.getMessage().startsWith("a picture of 30000x1 is too narrow"), e.getMessage());
  }

  @Test
  void aResizeOfNothingToDoReturnsThePictureItself() {
    PixelImage image = Pictures.noise(8, 8, 3, 4);
    assertTrue(image == Transforms.apply(Transforms.resize(8), image));
  }

  private static Region part(SplittableRandom random, int width, int height) {
    int w = random.nextInt(1, width + 1);
    int h = random.nextInt(1, height + 1);
    return new Region(random.nextInt(height - h + 1), random.nextInt(width - w + 1), h, w);
  }
}
