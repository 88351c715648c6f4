package engine.bench;

import engine.backend.Backend;
import engine.backend.KernelTime;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Times every kernel of a training step on the device's own clock, beside the rate at which the
 * same device copies memory: most of the engine's own kernels can do no better than that.
 */
public final class KernelBench {
  private static final double MOST_SECONDS = 1;

  /** Numbers a pixel that the copy moves: those of ResNet's first convolution, in fp32. */
  private static final int COPIED = 16;

  /**
   * One kernel.
   *
   * @param time of a step: the median over the steps of the milliseconds of all its launches
   */
  public record Row(KernelTime time) {
    /** Bytes a second that are read or written at least. */
    public double bytesPerSecond() {
      return time.bytes() / time.milliseconds() * 1e3;
    }
  }

  /**
   * @param rows the kernels, those that took longest first
   * @param copy bytes a second read and written by a large copy
   */
  public record Report(List<Row> rows, double copy) {
    /** Of all kernels. */
    public double milliseconds() {
      return rows.stream().mapToDouble(r -> r.time().milliseconds()).sum();
    }
  }

  private KernelBench() {}

  /**
   * Steps of the recipe, op by op: the kernels are those of a recorded step.
   *
   * @throws engine.backend.UnsupportedOnDeviceException where the device launches no kernels
   */
  public static Report run(Backend backend, Recipe recipe, ModelInfo info, Budget budget) {
    Map<String, List<KernelTime>> steps = new LinkedHashMap<>();
    try (TrainWork work = new TrainWork(backend, recipe, info, ExecutionMode.EAGER, false)) {
      Timing.measure(
          budget,
          () ->
              backend.milliseconds(
                  () -> {
                    for (KernelTime t : backend.kernelTimes(work::run)) {
                      steps.computeIfAbsent(t.kernel(), _ -> new ArrayList<>()).add(t);
                    }
                  }));
    }
    List<Row> rows = new ArrayList<>();
    steps.values().forEach(times -> rows.add(new Row(median(times))));
    rows.sort((a, b) -> Double.compare(b.time().milliseconds(), a.time().milliseconds()));
    return new Report(rows, copy(backend, recipe, budget));
  }

  private static KernelTime median(List<KernelTime> steps) {
    KernelTime last = steps.getLast();
    double[] ms = steps.stream().mapToDouble(KernelTime::milliseconds).toArray();
    return new KernelTime(
        last.kernel(), last.ops(), last.launches(), Timing.of(ms).median(), last.bytes());
  }

  /** As large as what the step itself moves, so that it is not in the device's cache. */
  private static double copy(Backend backend, Recipe recipe, Budget budget) {
    Shape shape =
        Shape.of(
            recipe.schedule().batch(),
            COPIED,
            recipe.augment().imageSize(),
            recipe.augment().imageSize());
    try (Tensor from = RandomData.tensor(backend, DType.F32, shape, 1);
        Tensor to = backend.memory().empty(DType.F32, shape)) {
      Timing t =
          Timing.measure(
              budget.atMost(MOST_SECONDS),
              () -> backend.milliseconds(() -> backend.memory().copyInPlace(from, to)));
      return 2.0 * shape.elements() * DType.F32.bytes() / t.best() * 1e3;
    }
  }
}
