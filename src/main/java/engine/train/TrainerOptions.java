package engine.train;

import engine.recipe.ExecutionMode;

/**
 * How a run goes, which its recipe does not say and no result depends on.
 *
 * @param workers threads that decode
 * @param allowBadImages whether to go on however many pictures cannot be read
 * @param allowChangedImages whether to go on with pictures that have other contents than when the
 *     run began
 * @param nameOverflows whether to say of every skipped step which tensor first held inf or NaN
 * @param execution how steps are run
 */
public record TrainerOptions(
    int workers,
    boolean allowBadImages,
    boolean allowChangedImages,
    boolean nameOverflows,
    ExecutionMode execution) {
  /** Recorded steps, and a run that ends where something is wrong with its pictures. */
  public static TrainerOptions of(int workers) {
    return new TrainerOptions(workers, false, false, false, ExecutionMode.PLANNED);
  }
}
