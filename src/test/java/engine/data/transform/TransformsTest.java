package engine.data.transform;

import static engine.data.transform.Pictures.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.data.image.PixelImage;
import engine.picture.Region;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TransformsTest {
  private static final Transform TRAINING =
      Transforms.compose(
          Transforms.randomResizedCrop(24),
          Transforms.randomHorizontalFlip(0.5),
          Transforms.colorJitter(0.2, 0.2, 0.2, 0.1));

  @Test
  void theSameSeedGivesTheSamePicture() {
    PixelImage image = Pictures.noise(50, 41, 3, 1);
    Set<Integer> different = new HashSet<>();
    for (int seed = 0; seed < 20; seed++) {
      PixelImage first = TRAINING.apply(image, new SplittableRandom(seed));
      assertSame(first, TRAINING.apply(image, new SplittableRandom(seed)));
      different.add(Arrays.hashCode(first.data()));
    }
    assertTrue(different.size() > 15, "seeds hardly matter: " + different.size());
  }

  @Test
  void thePictureGivenIsNeverWrittenTo() {
    PixelImage image = Pictures.noise(33, 29, 3, 2);
    byte[] before = image.data().clone();
    for (int seed = 0; seed < 10; seed++) {
      TRAINING.apply(image, new SplittableRandom(seed));
    }
    assertArrayEquals(before, image.data());
  }

  @Test
  void twoFlipsAreTheIdentity() {
    for (int channels : new int[] {1, 3}) {
      PixelImage image = Pictures.noise(7, 6, channels, 3);
      for (Transform flip :
          new Transform[] {Transforms.horizontalFlip(), Transforms.verticalFlip()}) {
        PixelImage once = Transforms.apply(flip, image);
        assertFalse(Arrays.equals(image.data(), once.data()));
        assertSame(image, Transforms.apply(flip, once));
      }
    }
  }

  @Test
  void aFlipHappensWithItsProbability() {
    PixelImage image = Pictures.noise(2, 1, 3, 4);
    SplittableRandom random = new SplittableRandom(5);
    int flips = 0;
    for (int i = 0; i < 10_000; i++) {
      flips += Transforms.randomHorizontalFlip(0.3).apply(image, random) == image ? 0 : 1;
    }
    assertEquals(3000, flips, 200);
  }

  @Test
  void aFactorOfOneChangesNothingAndTheHueDoes() {
    PixelImage image = Pictures.noise(20, 20, 3, 6);
    assertSame(image, Transforms.apply(Adjustments.brightness(1), image));
    assertSame(image, Transforms.apply(Adjustments.contrast(1), image));
    assertSame(image, Transforms.apply(Adjustments.saturation(1), image));
    assertSame(image, Transforms.apply(Adjustments.sharpness(1), image));
    PixelImage hue = Transforms.apply(Adjustments.hue(0), image);
    assertFalse(Arrays.equals(image.data(), hue.data())); // HSV is rounded to bytes
  }

  @Test
  void aJitterOfNoStrengthChangesNothing() {
    PixelImage image = Pictures.noise(9, 9, 3, 7);
    Transform jitter = Transforms.colorJitter(0, 0, 0, 0);
    assertTrue(image == jitter.apply(image, new SplittableRandom(1)));
  }

  @Test
  void aJitterAppliesItsOperationsInEveryOrder() {
    int[] firsts = new int[4];
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 8000; i++) {
      firsts[Draws.permutation(random, 4)[0]]++;
    }
    for (int n : firsts) {
      assertEquals(2000, n, 200);
    }
  }

  @Test
  void randomCropIsACropOfThePaddedPicture() {
    PixelImage image = Pictures.noise(28, 28, 1, 9);
    PixelImage padded = Transforms.apply(Transforms.pad(4), image);
    Set<Integer> possible = new HashSet<>();
    for (int top = 0; top <= 8; top++) {
      for (int left = 0; left <= 8; left++) {
        PixelImage crop = Transforms.apply(Transforms.crop(top, left, 28, 28), padded);
        possible.add(Arrays.hashCode(crop.data()));
      }
    }
    SplittableRandom random = new SplittableRandom(10);
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 2000; i++) {
      PixelImage crop = Transforms.randomCrop(28, 4).apply(image, random);
      seen.add(Arrays.hashCode(crop.data()));
    }
    assertEquals(possible, seen); // all 81 places, and no other
  }

  @Test
  void aRandomCropLargerThanThePictureSaysWhatToDo() {
    PixelImage image = Pictures.noise(20, 40, 3, 11);
    Exception e =
        assertThrows(
            IllegalArgumentException.class,
            () -> Transforms.randomCrop(32, 4).apply(image, new SplittableRandom(1)));
    assertTrue(e.getMessage().contains("resize it first"), e.getMessage());
  }

  @Test
  void aVeryLongPictureIsCroppedCentrally() {
    RandomResizedCrop crop = new RandomResizedCrop(8, 1, 1, 0.75, 4.0 / 3, Interpolation.BILINEAR);
    assertEquals(new Region(0, 43, 10, 13), crop.draw(100, 10, new SplittableRandom(1)));
    assertEquals(new Region(43, 0, 13, 10), crop.draw(10, 100, new SplittableRandom(1)));
  }

  @Test
  void everyRandomRegionLiesInThePicture() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    RandomResizedCrop crop =
        new RandomResizedCrop(8, 0.08, 1, 0.75, 4.0 / 3, Interpolation.BILINEAR);
    for (int i = 0; i < 5000; i++) {
      int w = random.nextInt(1, 40);
      int h = random.nextInt(1, 40);
      Region r = crop.draw(w, h, random);
      assertTrue(r.inside(w, h), () -> r + " in " + w + "x" + h);
    }
  }

  @Test
  void onePixelIsEnough() {
    PixelImage dot = Pictures.flat(1, 1, 3, 200);
    PixelImage out = Transforms.randomResizedCrop(16).apply(dot, new SplittableRandom(1));
    assertSame(Pictures.flat(16, 16, 3, 200), out);
    assertSame(dot, Transforms.apply(Adjustments.sharpness(2), dot));
    assertSame(dot, Transforms.apply(Adjustments.autocontrast(), dot));
    assertSame(dot, Transforms.apply(Adjustments.equalize(), dot));
    PixelImage padded = Transforms.apply(Transforms.pad(3, PaddingMode.REFLECT, 0), dot);
    assertSame(Pictures.flat(7, 7, 3, 200), padded);
  }

  @Test
  void aQuarterTurnMovesPixelsExactly() {
    PixelImage image = Pictures.noise(5, 5, 3, 12);
    for (Interpolation how : new Interpolation[] {Interpolation.NEAREST, Interpolation.BILINEAR}) {
      Transform turn = Transforms.rotate(90, how);
      PixelImage once = Transforms.apply(turn, image);
      assertEquals(image.data()[4 * 3], once.data()[0]); // the right top goes to the left top
      assertSame(image, Transforms.apply(Transforms.compose(turn, turn, turn), once));
    }
  }

  @Test
  void aTransformThatDrawsNumbersCannotBeAppliedWithoutAGenerator() {
    PixelImage image = Pictures.noise(5, 5, 3, 13);
    assertThrows(
        IllegalStateException.class,
        () -> Transforms.apply(Transforms.randomHorizontalFlip(0.5), image));
  }
}
