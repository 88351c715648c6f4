package engine.bench;

import engine.autograd.Conv2dOp;
import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions;
import engine.backend.Convolutions.Kernel;
import engine.bench.NetworkConvolutions.Layer;
import engine.model.Network;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import engine.train.MemoryNeed;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Times every distinct convolution of a network on its own, forward and both backwards, on tensors
 * that lie as they do inside the network. Conversions of weights that a step makes are included.
 */
public final class ConvBench {
  /** Enough for a median: there are some seventy of them. */
  private static final double MOST_SECONDS = 0.25;

  /**
   * One computation of one convolution.
   *
   * @param layer name of the first layer that does it
   * @param count layers that do it
   * @param x input [N, C, H, W]
   * @param w weight [O, C, kH, kW]
   * @param implementation the kernel that the device chose
   */
  public record Row(
      String layer,
      int count,
      Shape x,
      Shape w,
      Conv2dGeometry geometry,
      Kernel kernel,
      String implementation,
      Result result) {}

  private final Backend backend;
  private final DType type;
  private final Budget budget;
  private final double ceiling;

  private ConvBench(Backend backend, DType type, Budget budget) {
    this.backend = backend;
    this.type = type;
    this.budget = budget.atMost(MOST_SECONDS);
    this.ceiling = GemmCeiling.measure(backend, type, budget);
  }

  /**
   * Measures the convolutions of the recipe's model at its batch.
   *
   * @param each sees every row as it is done
   * @return all convolutions of one training step together
   */
  public static Result run(
      Backend backend, Recipe recipe, ModelInfo info, Budget budget, Consumer<Row> each) {
    List<Layer> layers;
    MemoryNeed.requireInference(backend, recipe, info);
    try (Network model =
        info.model().create(backend, new SplittableRandom(recipe.compute().seed()))) {
      layers =
          NetworkConvolutions.of(
              backend, model, recipe.schedule().batch(), recipe.augment().imageSize());
    }
    ConvBench bench = new ConvBench(backend, StepBench.type(backend, recipe), budget);
    Timing sum = new Timing(0, 0, 0, Integer.MAX_VALUE);
    double flops = 0;
    double first = Double.NaN;
    for (Layer l : layers) {
      for (Row row : bench.measure(l)) {
        sum = sum.plus(row.result().timing(), l.count());
        flops += l.count() * row.result().flops();
        first = Double.isNaN(first) ? row.result().firstStepSeconds() : first;
        each.accept(row);
      }
    }
    return new Result(
        "convolutions",
        recipe.schedule().batch(),
        sum,
        flops,
        bench.ceiling,
        first,
        ProcessStatus.peakMegabytes());
  }

  private List<Row> measure(Layer l) {
    Convolutions conv = backend.convolutions();
    Conv2dGeometry g = l.geometry();
    Parameter weight =
        new Parameter(RandomData.tensor(backend, DType.F32, l.w(), l.w().elements()), true);
    try (Tensor image = RandomData.tensor(backend, type, l.x(), l.x().elements());
        Tensor dy = place(image, weight, g);
        Tensor x = l.onImages() ? image.retain() : asInNetwork(image, dy, weight, g)) {
      Tensor w = weight.value();
      Row forward = row(l, Kernel.FORWARD, x, w, () -> conv.forward(x, w, null, g).close());
      Row filter =
          row(
              l,
              Kernel.BACKWARD_WEIGHT,
              x,
              w,
              () -> conv.backwardWeight(x, dy, w, null, g).close());
      if (l.onImages()) {
        return List.of(forward, filter);
      }
      Row data =
          row(l, Kernel.BACKWARD_DATA, x, w, () -> conv.backwardData(dy, w, l.x(), g).close());
      return List.of(forward, data, filter);
    } finally {
      weight.close();
    }
  }

  /** Moves the weight to where a network would keep it, and returns a result in its layout. */
  private Tensor place(Tensor image, Parameter weight, Conv2dGeometry g) {
    try (Tape tape = Tape.inference(backend)) {
      return Conv2dOp.apply(tape, tape.constant(image.retain()), weight, null, g).value().retain();
    }
  }

  /** The input in the layout that the layer before would have given it: that of its gradient. */
  private Tensor asInNetwork(Tensor image, Tensor dy, Parameter weight, Conv2dGeometry g) {
    try (Tensor dx = backend.convolutions().backwardData(dy, weight.value(), image.shape(), g)) {
      return backend.memory().toLayoutOf(image, dx);
    }
  }

  private Row row(Layer l, Kernel kernel, Tensor x, Tensor w, Runnable run) {
    run.run();
    double first = ProcessStatus.ageSeconds();
    Timing timing = Timing.measure(budget, () -> backend.milliseconds(run));
    return new Row(
        l.layer(),
        l.count(),
        l.x(),
        l.w(),
        l.geometry(),
        kernel,
        backend.convolutions().implementation(kernel, x, w, l.geometry()),
        new Result(
            "conv",
            l.x().size(0),
            timing,
            l.flops(),
            ceiling,
            first,
            ProcessStatus.peakMegabytes()));
  }
}
