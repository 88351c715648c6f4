package engine.cli;

import engine.recipe.AugmentOn;
import engine.recipe.ExecutionMode;
import engine.run.RunSetup;
import engine.train.TrainerOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a training is done where its result does not depend on it. */
final class TrainingOptions {
  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Threads that decode pictures, at low priority (default: one a core).")
  private Integer workers;

  @Option(names = "--allow-bad-images", description = "Go on however many pictures cannot be read.")
  private boolean allowBadImages;

  @Option(
      names = "--allow-changed-images",
      description =
          "With --resume: go on though pictures have other contents than when the run began.")
  private boolean allowChangedImages;

  @Option(
      names = "--debug-overflow",
      description =
          "Name the first tensor with inf or NaN of every step that is skipped; waits for the device every step.")
  private boolean debugOverflow;

  @Option(
      names = "--augment-on",
      paramLabel = "auto|host|device",
      defaultValue = "auto",
      description =
          "Where pictures are flipped, jittered and erased in: by the loader's threads or by the GPU (default auto: a GPU unless there is a --policy). Same results.")
  private AugmentOn augmentOn;

  @Mixin private ExecutionOptions execution;

  /** Says what is wrong with them before any work is done. */
  void check(boolean resuming, CommonOptions common) {
    if (workers != null && (workers < 0 || workers > 1024)) {
      throw common.wrong("--workers must be between 0 and 1024, not " + workers);
    }
    if (allowChangedImages && !resuming) {
      throw common.wrong("--allow-changed-images belongs to --resume");
    }
  }

  AugmentOn augmentOn() {
    return augmentOn;
  }

  /** What the device is told before it is used. */
  ExecutionOptions execution() {
    return execution;
  }

  ExecutionMode mode() {
    return execution.execution().augmentingOn(augmentOn);
  }

  TrainerOptions toTrainerOptions() {
    return new TrainerOptions(
        workers != null ? workers : RunSetup.workers(),
        allowBadImages,
        allowChangedImages,
        debugOverflow,
        mode());
  }
}
