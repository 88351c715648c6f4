package engine.recipe;

/**
 * How steps are run, which changes none of their results.
 *
 * @param eager op by op, as a reader would follow it, rather than by replaying the second step
 * @param recomputing what norms gave is dropped after the forward and computed again on the way
 *     back: less memory, more time
 * @param augmentOn where pictures are augmented
 */
public record ExecutionMode(boolean eager, boolean recomputing, AugmentOn augmentOn) {
  /** With pictures augmented where it is best. */
  public ExecutionMode(boolean eager, boolean recomputing) {
    this(eager, recomputing, AugmentOn.AUTO);
  }

  /** The same with pictures augmented elsewhere. */
  public ExecutionMode augmentingOn(AugmentOn place) {
    return new ExecutionMode(eager, recomputing, place);
  }

  /** Recorded once and replayed; everything that the backward reads is kept. */
  public static final ExecutionMode PLANNED = new ExecutionMode(false, false);

  /** Op by op. */
  public static final ExecutionMode EAGER = new ExecutionMode(true, false);

  /** Recorded and replayed in as little memory as there is a way to. */
  public static final ExecutionMode SMALL = new ExecutionMode(false, true);
}
