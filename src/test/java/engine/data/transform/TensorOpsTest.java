package engine.data.transform;

import static engine.data.transform.Pictures.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Normalization, the stored preprocessing, mixing and erasing. */
class TensorOpsTest {
  @Test
  void normalizationDividesInFloat32AndPutsChannelsFirst() {
    PixelImage image = new PixelImage(2, 1, 3, new byte[] {0, (byte) 255, 10, 20, 30, 40});
    float[] x = Normalization.IMAGENET.apply(image);
    assertEquals((0f - .485f) / .229f, x[0]);
    assertEquals((20 / 255f - .485f) / .229f, x[1]);
    assertEquals((1f - .456f) / .224f, x[2]);
    assertEquals((40 / 255f - .406f) / .225f, x[5]);
  }

  @Test
  void aPictureIsWrittenAtItsPlaceInABatch() {
    PixelImage image = Pictures.noise(3, 2, 1, 1);
    float[] batch = new float[18];
    Normalization.FASHION_MNIST.apply(image, batch, 6);
    float[] alone = Normalization.FASHION_MNIST.apply(image);
    for (int i = 0; i < 6; i++) {
      assertEquals(0, batch[i]);
      assertEquals(alone[i], batch[6 + i]);
      assertEquals(0, batch[12 + i]);
    }
  }

  @Test
  void aPictureOfOtherChannelsSaysWhatToDo() {
    PixelImage gray = Pictures.noise(3, 2, 1, 1);
    Exception e =
        assertThrows(IllegalArgumentException.class, () -> Normalization.IMAGENET.apply(gray));
    assertTrue(e.getMessage().contains("toRgb()"), e.getMessage());
  }

  @Test
  void theFusedEvaluationEqualsResizeThenCrop() {
    int[][] sizes = {{300, 200}, {200, 300}, {64, 64}, {1, 1}, {700, 31}};
    for (int size : new int[] {32, 224}) {
      for (int[] s : sizes) {
        PixelImage image = Pictures.noise(s[0], s[1], 3, 2);
        Transform plain =
            Transforms.compose(Transforms.resize(size * 256 / 224), Transforms.centerCrop(size));
        Transform fused = TransformSpec.imageNetEval(size).evalTransform();
        assertSame(Transforms.apply(plain, image), Transforms.apply(fused, image));
      }
    }
  }

  @Test
  void theEvaluationMakesOnlyWhatTheCropKeeps() {
    PixelImage line = Pictures.flat(30_000, 1, 3, 77); // resized, it would have 2 GB a channel
    Transform eval = TransformSpec.imageNetEval(224).evalTransform();
    assertSame(Pictures.flat(224, 224, 3, 77), Transforms.apply(eval, line));
  }

  @Test
  void theSmallEvaluationPadsAndConverts() {
    TransformSpec gray = TransformSpec.small(2);
    PixelImage out = Transforms.apply(gray.evalTransform(), Pictures.noise(28, 28, 3, 3));
    assertEquals(32, out.width());
    assertEquals(1, out.channels());
    TransformSpec colour = gray.with(Normalization.CIFAR10);
    assertEquals(3, colour.channels());
    out = Transforms.apply(colour.evalTransform(), Pictures.noise(28, 28, 1, 3));
    assertEquals(3, out.channels());
  }

  @Test
  void aSpecSurvivesJson() {
    for (TransformSpec s :
        new TransformSpec[] {TransformSpec.imageNetEval(224), TransformSpec.small(2)}) {
      assertEquals(s, TransformSpec.fromJson(s.toJson()));
    }
    assertTrue(TransformSpec.small(2).toJson().contains("\"bilinear\""));
  }

  @Test
  void aDamagedSpecIsAnErrorOfTheUsers() {
    String good = TransformSpec.imageNetEval(224).toJson();
    String[] bad = {
      "",
      "{",
      "[]",
      "{}",
      good.replace("bilinear", "lanczos"),
      good.replace("0.229", "0"),
      good.replace("\"channels\":3", "\"channels\":1")
    };
    for (String json : bad) {
      UserError e = assertThrows(UserError.class, () -> TransformSpec.fromJson(json), json);
      assertTrue(e.getMessage().contains("preprocessing"), e.getMessage());
    }
  }

  @Test
  void mixupTakesThePreviousImageAsPartner() {
    float[] x = {1, 2, 10, 20, 100, 200};
    Mixing.mixup(x, 3, 0.75);
    assertArrayEquals(new float[] {25.75f, 51.5f, 7.75f, 15.5f, 77.5f, 155}, x);
  }

  @Test
  void cutmixWithAnEmptyBoxChangesNothing() {
    float[] x = {1, 2, 3, 4, 5, 6, 7, 8};
    int[] box = Mixing.cutBox(2, 2, 0.9, 0, 0);
    Mixing.cutmix(x, 2, 1, 2, 2, box);
    assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, x);
    assertEquals(1, Mixing.cutmixLambda(2, 2, box));
  }

  @Test
  void lambdaFollowsABetaDistribution() {
    for (double alpha : new double[] {0.2, 1, 3}) {
      SplittableRandom random = new SplittableRandom(4);
      int n = 50_000;
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < n; i++) {
        double v = Mixing.lambda(alpha, random);
        sum += v;
        squares += (v - 0.5) * (v - 0.5);
      }
      assertEquals(0.5, sum / n, 0.01);
      assertEquals(1 / (4 * (2 * alpha + 1)), squares / n, 0.003); // Beta's variance
    }
  }

  @Test
  void erasingKeepsToItsShareOfTheImage() {
    SplittableRandom random = new SplittableRandom(5);
    RandomErasing erasing = RandomErasing.of(0.5);
    int touched = 0;
    for (int i = 0; i < 2000; i++) {
      float[] x = new float[2 * 20 * 30];
      Arrays.fill(x, 1);
      erasing.apply(x, 0, 2, 20, 30, random);
      int erased = 0;
      for (float v : x) {
        erased += v == 0 ? 1 : 0;
      }
      touched += erased > 0 ? 1 : 0;
      assertTrue(erased <= 2 * 20 * 30 * 0.37, "erased " + erased);
    }
    assertEquals(1000, touched, 120);
  }

  @Test
  void tensorResizeToTheSameSizeIsTheIdentity() {
    float[] x = Normalization.none(3).apply(Pictures.noise(6, 5, 3, 6));
    assertArrayEquals(x, TensorResize.bilinear(x, 3, 5, 6, 5, 6, true));
    assertArrayEquals(x, TensorResize.bilinear(x, 3, 5, 6, 5, 6, false));
  }
}
