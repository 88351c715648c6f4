package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.backend.Memory;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.recipe.Augmentation;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SteadyStateTest {
  private static final int SETTLED = 50;
  private static final int STEPS = 500;

  @TempDir Path temp;

  @ParameterizedTest
  @CsvSource({"1, false, false", "1, true, false", "1, false, true", "2, false, false"})
  void fiveHundredStepsTakeNoMoreMemoryThanFifty(int accumulate, boolean eager, boolean small)
      throws IOException {
    Backend backend = TestDevices.cpu();
    Memory memory = backend.memory();
    Recipe r =
        TinyRun.recipe(
            TestPictures.folder(temp, 3, 8, "a", "b"),
            "batch=4",
            "clipNorm=1",
            "accumulate=" + accumulate);
    Datasets.Split data = RunSetup.open(r, _ -> {});
    ModelInfo info = RunSetup.info(r, data);
    try (var _ = TestDevices.noLeaks(backend);
        Network model = info.model().create(backend, new SplittableRandom(1));
        Optimizer optimizer = OptimizerFactory.of(backend, r, model);
        TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                r,
                info.preprocessing().normalization(),
                new ExecutionMode(eager, small));
        DataLoader loader =
            new DataLoader(
                data.train(),
                Augmentation.training(r, info.preprocessing()),
                DataLoader.Config.training(4, 1).withWorkers(0));
        Epoch epoch = loader.epoch(0, 0);
        Batch batch = epoch.next()) {
      long[] settled = null;
      for (int i = 1; i <= STEPS; i++) {
        float loss =
            step.run(batch, i, TrainingStep.Part.at(i - 1, STEPS, r.schedule().accumulate()));
        assertTrue(Float.isFinite(loss), "loss " + loss + " at step " + i);
        if (i == SETTLED) {
          settled = usage(memory);
        }
      }
      long[] now = usage(memory);
      assertEquals(settled[0], now[0], "live tensors");
      assertEquals(settled[1], now[1], "live bytes");
      assertEquals(settled[2], now[2], "most bytes at once");
      assertEquals(settled[3], now[3], "bytes taken from the system");
    }
  }

  private static long[] usage(Memory m) {
    return new long[] {m.liveTensors(), m.liveBytes(), m.peakBytes(), m.committedBytes()};
  }
}
