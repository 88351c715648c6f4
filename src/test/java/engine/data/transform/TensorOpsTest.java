package engine.data.transform;

import static engine.data.transform.Pictures.assertSame;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.base.UserError;
import engine.data.image.PixelImage;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.Region;
import java.lang.foreign.MemorySegment;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The stored preprocessing, mixing, erasing and the resize of floats. */
class TensorOpsTest {
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
  void cutmixWhoseBoxHasNoPixelsMixesNothing() {
    assertEquals(Mix.NONE, Mixing.cut(2, 2, 0.9, 0, 0));
    assertEquals(Mix.NONE, Mixing.cut(20, 30, 1, 4, 5));
  }

  @Test
  void aBoxIsCutAtTheBordersAndLeavesItsShare() {
    assertEquals(new Region(0, 3, 4, 5), Mixing.cut(6, 8, 0.42, 6, 2).box());
    assertEquals(1 - 20 / 48.0, Mixing.cut(6, 8, 0.42, 6, 2).lambda());
    assertEquals(0, Mixing.cut(6, 8, 0, 4, 3).lambda(), "all of the picture");
  }

  @Test
  void pixelsOfAnySizeArePasted() {
    short[] pixels = {1, 2, 3, 4, 11, 12, 13, 14};
    Mixing.paste(MemorySegment.ofArray(pixels), 2, 2, Short.BYTES, new Region(1, 0, 1, 1));
    assertArrayEquals(new short[] {1, 2, 13, 4, 11, 12, 3, 14}, pixels);
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
    LateAugmentation erasing = new LateAugmentation(0, 0, 0.5, Normalization.FASHION_MNIST);
    PixelImage light = Pictures.flat(30, 20, 1, 255);
    int touched = 0;
    for (int i = 0; i < 2000; i++) {
      int erased = 0;
      for (byte v : erasing.onHost().apply(light, random).data()) {
        erased += v == -1 ? 0 : 1;
      }
      touched += erased > 0 ? 1 : 0;
      assertTrue(erased <= 20 * 30 * 0.37, "erased " + erased);
    }
    assertEquals(1000, touched, 120);
  }

  @Test
  void tensorResizeToTheSameSizeIsTheIdentity() {
    float[] x = TestPictures.normalized(Pictures.noise(6, 5, 3, 6).data(), Normalization.none(3));
    assertArrayEquals(x, TensorResize.bilinear(x, 3, 5, 6, 5, 6, true));
    assertArrayEquals(x, TensorResize.bilinear(x, 3, 5, 6, 5, 6, false));
  }
}
