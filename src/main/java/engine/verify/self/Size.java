package engine.verify.self;

/**
 * How large a self-check's networks are.
 *
 * @param width of channels, as a share
 * @param side of pictures
 * @param batch pictures
 * @param gradientTolerance of a step in fp16: the error's norm, relative to the gradient's. Norms
 *     over few values, as thin networks have, make the roundings of halves large
 */
record Size(double width, int side, int batch, double gradientTolerance) {
  /** What a GPU meets in training, but for the batch. */
  static final Size REAL = new Size(1, 224, 8, 0.15);

  /** For devices that compute slowly. */
  static final Size THIN = new Size(0.125, 32, 16, 0.3);
}
