package engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.data.image.PixelImage;
import engine.data.transform.Interpolation;
import engine.data.transform.Transform;
import engine.data.transform.TransformSpec;
import engine.picture.Normalization;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Views of a picture whose pixel at (x, y) has the value {@code 10 * y + x}. */
final class ViewsTest {
  private static final TransformSpec CROPPED =
      new TransformSpec(
          1,
          0,
          0,
          4,
          Interpolation.BILINEAR,
          Normalization.FASHION_MNIST.mean(),
          Normalization.FASHION_MNIST.std());

  private static PixelImage numbered(int width, int height) {
    byte[] data = new byte[width * height];
    for (int i = 0; i < data.length; i++) {
      data[i] = (byte) (10 * (i / width) + i % width);
    }
    return new PixelImage(width, height, 1, data);
  }

  /** The values at the top left and the bottom right of each view. */
  private static List<List<Integer>> corners(Views views, TransformSpec spec, PixelImage picture) {
    List<List<Integer>> out = new ArrayList<>();
    for (Transform t : views.of(spec)) {
      PixelImage v = t.apply(picture, new SplittableRandom(0));
      out.add(List.of((int) v.data()[0], (int) v.data()[v.data().length - 1]));
    }
    return out;
  }

  @Test
  void fiveAreTheCornersAndTheCentre() {
    assertEquals(
        List.of(List.of(0, 33), List.of(4, 37), List.of(20, 53), List.of(24, 57), List.of(12, 45)),
        corners(Views.FIVE, CROPPED, numbered(8, 6)));
  }

  @Test
  void tenAreTheFiveAndThoseOfTheMirrorImage() {
    List<List<Integer>> ten = corners(Views.TEN, CROPPED, numbered(8, 6));
    assertEquals(corners(Views.FIVE, CROPPED, numbered(8, 6)), ten.subList(0, 5));
    assertEquals(
        List.of(List.of(7, 34), List.of(3, 30), List.of(27, 54), List.of(23, 50), List.of(15, 42)),
        ten.subList(5, 10));
  }

  /**
   * Pillow image of 9x7 with 10 * y + x at (x, y); the first and last value of each of {@code
   * torchvision.transforms.functional.ten_crop(image, 4)}.
   */
  @Test
  void ofOddSizesTheyAreTorchvisions() {
    assertEquals(
        List.of(
            List.of(0, 33),
            List.of(5, 38),
            List.of(30, 63),
            List.of(35, 68),
            List.of(22, 55),
            List.of(8, 35),
            List.of(3, 30),
            List.of(38, 65),
            List.of(33, 60),
            List.of(26, 53)),
        corners(Views.TEN, CROPPED, numbered(9, 7)));
  }

  @Test
  void aFlipIsThePictureAndItsMirrorImage() {
    assertEquals(
        List.of(List.of(12, 45), List.of(15, 42)), corners(Views.FLIP, CROPPED, numbered(8, 6)));
    assertEquals(List.of(List.of(12, 45)), corners(Views.NONE, CROPPED, numbered(8, 6)));
  }

  @Test
  void ofPicturesThatAreNotCroppedSevenEighthsAreSeen() {
    TransformSpec whole = CROPPED.withoutCrop();
    for (Transform t : Views.FIVE.of(whole)) {
      PixelImage v = t.apply(numbered(8, 8), new SplittableRandom(0));
      assertArrayEquals(new int[] {7, 7}, new int[] {v.width(), v.height()});
    }
  }
}
