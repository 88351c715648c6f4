package engine.inspect.roofline;

import engine.backend.Backend;
import engine.inspect.tape.TapeInspection;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.Shape;
import java.util.List;

/**
 * A training step under the two ceilings of a GPU (Williams, Waterman and Patterson 2009).
 *
 * @param batch images of the step
 */
public record Roofline(
    String model, GpuPeak gpu, StepPrecision precision, int batch, List<Launch> launches) {
  /** The tape is watched at this batch on the CPU; shapes are then scaled. */
  private static final int WATCHED = 2;

  /**
   * Calculates it.
   *
   * @param cpu runs one small step, of which the shapes are seen
   * @param recipe names model and image size; its batch is the one that is asked for
   */
  public static Roofline of(
      Backend cpu, Recipe recipe, ModelInfo info, GpuPeak gpu, StepPrecision precision) {
    int side = recipe.augment().imageSize();
    Recipe small = recipe.with(recipe.schedule().withBatch(WATCHED));
    Shape images = Shape.of(recipe.schedule().batch(), info.model().inChannels(), side, side);
    gpu.products(precision);
    return new Roofline(
        recipe.model().name(),
        gpu,
        precision,
        recipe.schedule().batch(),
        StepLaunches.of(
            TapeInspection.of(cpu, small, info),
            WATCHED,
            images,
            precision,
            gpu.fusesNorms(precision)));
  }

  /** FLOPs a byte above which products are bound by arithmetic. */
  public double ridge() {
    return gpu.products(precision) * 1e3 / gpu.memory();
  }

  /** Milliseconds of a step in which every launch reached the ceiling that it meets first. */
  public double floor() {
    return floor(launches);
  }

  /** Milliseconds of some of the launches. */
  public double floor(List<Launch> some) {
    return some.stream().mapToDouble(l -> l.count() * l.floor(gpu, precision)).sum() / 1e3;
  }

  public double imagesPerSecond() {
    return batch / floor() * 1e3;
  }

  /** FLOPs of the whole step. */
  public double flops() {
    return launches.stream().mapToDouble(l -> l.count() * l.flops()).sum();
  }

  /** Bytes of the whole step. */
  public double bytes() {
    return launches.stream().mapToDouble(l -> l.count() * l.bytes()).sum();
  }
}
