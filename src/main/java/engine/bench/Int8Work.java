package engine.bench;

import engine.backend.Backend;
import engine.base.Setting;
import engine.convert.RangeCalibration;
import engine.infer.Int8Model;
import engine.model.Network;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.MemoryNeed;
import java.util.SplittableRandom;

/** The answer of an int8 network: a fresh one, calibrated on images like those it is timed with. */
final class Int8Work implements Workload {
  private static final int CALIBRATION = 4;

  private final Network fp32;
  private final Int8Model model;
  private final Tensor images;

  Int8Work(Backend backend, Recipe recipe, ModelInfo info) {
    MemoryNeed.requireInference(backend, recipe, info);
    fp32 = info.model().create(backend, new SplittableRandom(recipe.compute().seed()));
    images = images(backend, recipe, info, recipe.schedule().batch());
    try (RangeCalibration calibration = new RangeCalibration(backend, fp32, 100)) {
      calibration.see(
          images(backend, recipe, info, Math.min(CALIBRATION, recipe.schedule().batch())));
      model =
          new Int8Model(
              backend,
              calibration.convert("its weights are random, so choose another " + Setting.WIDTH),
              info);
    }
  }

  private static Tensor images(Backend backend, Recipe recipe, ModelInfo info, int n) {
    int side = recipe.augment().imageSize();
    Shape shape = Shape.of(n, info.model().inChannels(), side, side);
    return RandomData.tensor(backend, DType.F32, shape, recipe.compute().seed());
  }

  @Override
  public void run() {
    model.logits(images.retain());
  }

  @Override
  public Network model() {
    return fp32;
  }

  @Override
  public int passes() {
    return 1;
  }

  @Override
  public void close() {
    images.close();
    model.close();
    fp32.close();
  }
}
