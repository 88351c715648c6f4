package engine.cli;

import engine.recipe.LossScale;
import java.util.List;
import picocli.CommandLine.Option;

/** The options of a recipe for loss scaling. */
final class LossScaleOptions {
  static final List<String> NAMES =
      List.of(
          "--loss-scale",
          "--loss-scale-init",
          "--loss-scale-growth",
          "--loss-scale-backoff",
          "--loss-scale-interval");

  @Option(
      names = "--loss-scale",
      paramLabel = "S",
      description =
          "Multiply the loss, so that gradients do not vanish in fp16: dynamic, a number, or none (default dynamic in fp16, else none).")
  private String mode = LossScale.AUTO.mode();

  @Option(
      names = "--loss-scale-init",
      paramLabel = "X",
      description = "First scale of a dynamic one (default 65536).")
  private double init = LossScale.AUTO.init();

  @Option(
      names = "--loss-scale-growth",
      paramLabel = "X",
      description = "Its factor after enough good steps (default 2).")
  private double growth = LossScale.AUTO.growth();

  @Option(
      names = "--loss-scale-backoff",
      paramLabel = "X",
      description = "Its factor after a step that overflowed and was skipped (default 0.5).")
  private double backoff = LossScale.AUTO.backoff();

  @Option(
      names = "--loss-scale-interval",
      paramLabel = "N",
      description = "Good steps in a row that are enough (default 2000).")
  private int interval = LossScale.AUTO.interval();

  LossScale toLossScale() {
    return new LossScale(mode, init, growth, backoff, interval);
  }
}
