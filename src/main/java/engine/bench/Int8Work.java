package engine.bench;

import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.model.Network;
import engine.quant.Int8Conversion;
import engine.quant.QuantizerSet;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.LoadedModel;
import engine.train.ModelInfo;
import engine.train.Recipe;
import java.util.SplittableRandom;

/** The answer of an int8 network: a fresh one, calibrated on the random images it is timed with. */
final class Int8Work implements Work {
  private static final int CALIBRATION = 4;

  private final Network fp32;
  private final LoadedModel model;
  private final Tensor images;

  Int8Work(Backend backend, Recipe recipe, ModelInfo info) {
    fp32 = info.model().create(backend, new SplittableRandom(recipe.seed()));
    int side = recipe.imageSize();
    int channels = info.model().inChannels();
    Shape few = Shape.of(Math.min(CALIBRATION, recipe.batch()), channels, side, side);
    try (QuantizerSet set = new QuantizerSet(backend, new QuantizerSet.Config(0, 100))) {
      set.round(false);
      fp32.quantize(set);
      try (Tape tape = Tape.inference(backend)) {
        fp32.forward(
            tape, tape.constant(RandomData.tensor(backend, DType.F32, few, recipe.seed())));
      }
      set.observe(false);
      Int8Graph graph =
          Int8Conversion.convert(fp32.graph(backend, few), set, backend.quantizers().weightBits());
      model = new LoadedModel(backend, graph, info);
      fp32.quantize(null);
    }
    Shape shape = Shape.of(recipe.batch(), channels, side, side);
    images = RandomData.tensor(backend, DType.F32, shape, recipe.seed());
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
