package engine.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.TestPictures;
import engine.base.UserError;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.run.RunSetup;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LrFinderTest {
  @TempDir Path folder;

  private LrFinder.Result find(double from, double to, int steps, List<Integer> progress)
      throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 12, 16, "a", "b", "c");
    Recipe r = TinyRun.recipe(data, "optimizer='sgd'");
    Datasets.Split split = RunSetup.open(r, _ -> {});
    var backend = TestDevices.cpu();
    try (var _ = TestDevices.noLeaks(backend)) {
      return LrFinder.run(
          backend,
          r,
          split,
          RunSetup.info(r, split),
          0,
          new LrFinder.Sweep(from, to, steps),
          progress::add);
    }
  }

  @Test
  void ratesGrowByOneFactorAndTheLossRunsAwayAtLargeOnes() throws IOException {
    List<Integer> progress = new ArrayList<>();
    LrFinder.Result r = find(1e-4, 1e4, 60, progress);
    List<LrFinder.Point> points = r.points();
    double factor = Math.pow(1e8, 1.0 / 59);
    for (int i = 0; i < points.size(); i++) {
      assertEquals(1e-4 * Math.pow(factor, i), points.get(i).lr(), 1e-9 * points.get(i).lr());
    }
    assertTrue(points.size() < 60, "a rate of 10,000 must end the test early");
    assertEquals(points.size(), progress.getLast());
    assertTrue(r.valley() < r.lowest(), r.valley() + " is not before the least, " + r.lowest());
    assertTrue(r.valley() >= 1e-4 && r.lowest() <= 1e4);
  }

  @Test
  void theSmoothedLossIsTheAverageWithoutItsBias() throws IOException {
    List<LrFinder.Point> points = find(1e-4, 1e-2, 12, new ArrayList<>()).points();
    assertEquals(12, points.size());
    double weights = 0;
    double sum = 0;
    for (LrFinder.Point p : points) {
      sum = 0.98 * sum + p.loss();
      weights = 0.98 * weights + 1;
      assertEquals(sum / weights, p.smoothed(), 1e-9);
    }
  }

  /** The steps of a recipe of two classes; the first loss is that of the untrained network. */
  private List<LrFinder.Point> points(String... settings) throws IOException {
    Path data = folder.resolve("two");
    if (!Files.exists(data)) {
      TestPictures.folder(data, 12, 16, "a", "b");
    }
    Recipe r = TinyRun.recipe(data, settings);
    Datasets.Split split = RunSetup.open(r, _ -> {});
    return LrFinder.run(
            TestDevices.cpu(),
            r,
            split,
            RunSetup.info(r, split),
            0,
            new LrFinder.Sweep(1e-6, 1e-5, 10),
            _ -> {})
        .points();
  }

  @Test
  void classesWeighInItsLossAsInTraining() throws IOException {
    double plain = points("labelSmoothing=0").getFirst().loss();
    double ofA =
        points("labelSmoothing=0", "balance={\"classWeights\":\"1,0\",\"sampler\":\"shuffle\"}")
            .getFirst()
            .loss();
    double ofB =
        points("labelSmoothing=0", "balance={\"classWeights\":\"0,1\",\"sampler\":\"shuffle\"}")
            .getFirst()
            .loss();
    assertTrue(
        Math.min(ofA, ofB) < plain && plain < Math.max(ofA, ofB), ofA + " " + plain + " " + ofB);
    UserError e =
        assertThrows(
            UserError.class,
            () -> points("batch=2", "balance={\"classWeights\":\"1,0\",\"sampler\":\"shuffle\"}"));
    assertTrue(
        e.getMessage().contains("every picture is of a class with a weight of 0"), e::getMessage);
  }

  @Test
  void aLossThatIsNoneAtOnceIsNotBlamedOnTheRate() throws IOException {
    Path data = TestPictures.folder(folder.resolve("data"), 12, 16, "a", "b", "c");
    Recipe r = TinyRun.recipe(data, "epochs=1");
    TinyRun.run(r, folder.resolve("run"));
    Path file = folder.resolve("run/checkpoints/epoch-0001/model.safetensors");
    SafeTensors.Contents c = SafeTensors.read(file);
    Map<String, HostTensor> huge = new HashMap<>(c.tensors());
    float[] values = new float[(int) huge.get("fc.weight").shape().elements()];
    Arrays.fill(values, 3e38f);
    Shape shape = huge.get("fc.weight").shape();
    huge.put("fc.weight", HostTensor.of(values, shape.dim(0), shape.dim(1)));
    Path weights = folder.resolve("huge.safetensors");
    SafeTensors.write(weights, huge, c.metadata());
    Recipe from = TinyRun.recipe(data, "weights='" + weights + "'");
    Datasets.Split split = RunSetup.open(from, _ -> {});
    UserError e =
        assertThrows(
            UserError.class,
            () ->
                LrFinder.run(
                    TestDevices.cpu(),
                    from,
                    split,
                    RunSetup.info(from, split),
                    0,
                    new LrFinder.Sweep(1e-4, 1, 9),
                    _ -> {}));
    assertTrue(e.getMessage().contains("so no rate is to blame"), e.getMessage());
  }

  @Test
  void theValleyIsOnTheSlopeNotInTheNoise() {
    // Flat and noisy for 20 steps, a fall over 40, a rise after it.
    DoubleUnaryOperator loss =
        i -> i < 20 ? 2.3 + 0.01 * (i % 2) : i < 60 ? 2.3 - 0.04 * (i - 20) : 0.7 + 0.1 * (i - 60);
    List<LrFinder.Point> points = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      points.add(new LrFinder.Point(i, loss.applyAsDouble(i), loss.applyAsDouble(i)));
    }
    LrFinder.Result r = LrFinder.result(points);
    assertEquals(60, r.lowest());
    assertTrue(r.valley() > 30 && r.valley() < 50, "valley at step " + r.valley());
    assertThrows(UserError.class, () -> LrFinder.result(points.subList(0, 2)));
  }
}
