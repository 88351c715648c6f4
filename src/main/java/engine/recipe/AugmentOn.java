package engine.recipe;

/** Where training pictures are flipped, jittered and erased in; no result depends on it. */
public enum AugmentOn {
  /** On the device if it can, else on the host. */
  AUTO,
  /** By the loader's threads. */
  HOST,
  /** By the device's kernels. */
  DEVICE
}
