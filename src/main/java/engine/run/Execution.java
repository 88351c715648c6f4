package engine.run;

/**
 * How steps are run, which changes none of their results.
 *
 * @param eager op by op, as a reader would follow it, rather than by replaying the second step
 * @param recomputing what norms gave is dropped after the forward and computed again on the way
 *     back: less memory, more time
 * @param augmentOn where pictures are augmented
 */
public record Execution(boolean eager, boolean recomputing, AugmentOn augmentOn) {
  /** With pictures augmented where it is best. */
  public Execution(boolean eager, boolean recomputing) {
    this(eager, recomputing, AugmentOn.AUTO);
  }

  /** The same with pictures augmented elsewhere. */
  public Execution augmentingOn(AugmentOn place) {
    return new Execution(eager, recomputing, place);
  }

  /** Recorded once and replayed; everything that the backward reads is kept. */
  public static final Execution PLANNED = new Execution(false, false);

  /** Op by op. */
  public static final Execution EAGER = new Execution(true, false);

  /** Recorded and replayed in as little memory as there is a way to. */
  public static final Execution SMALL = new Execution(false, true);
}
