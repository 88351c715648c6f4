package engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.data.Datasets;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.RunSetup;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.train.TinyRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InferenceStepTest {
  @TempDir Path temp;

  @Test
  void replayedAnswersAreThoseOfTheFirstRunBitForBit() throws IOException {
    try (var _ = TestDevices.noLeaks(TestDevices.cpu());
        FloatModel model = untrained()) {
      InferenceStep step = model.step(Shape.of(2, 3, 16, 16));
      float[] a = answers(step, 1);
      float[] b = answers(step, 2);
      assertArrayEquals(a, answers(step, 1));
      assertArrayEquals(b, answers(step, 2));
    }
  }

  @Test
  void manyShapesTakeNoMoreMemoryThanAFew() throws IOException {
    Backend backend = TestDevices.cpu();
    try (var _ = TestDevices.noLeaks(backend);
        FloatModel model = untrained()) {
      int settled = 6;
      for (int n = 1; n <= settled; n++) {
        answers(model.step(Shape.of(n, 3, 16, 16)), n);
      }
      long live = backend.memory().liveTensors();
      for (int n = settled + 1; n <= 3 * settled; n++) {
        answers(model.step(Shape.of(n, 3, 16, 16)), n);
        assertEquals(live, backend.memory().liveTensors());
      }
    }
  }

  private FloatModel untrained() throws IOException {
    Recipe r = TinyRun.recipe(TestPictures.folder(temp, 3, 8, "a", "b"));
    Datasets.Split data = RunSetup.open(r, _ -> {});
    return FloatModel.untrained(TestDevices.cpu(), RunSetup.info(r, data), Precision.FP32, 1);
  }

  private static float[] answers(InferenceStep step, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape s = step.images().shape();
    float[] values = new float[(int) s.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt() * 0x1p-32f;
    }
    TestDevices.cpu().memory().uploadInPlace(HostTensor.of(values, s.dims()), step.images());
    return step.run().toFloats();
  }
}
