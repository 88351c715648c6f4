package engine.model;

/** How the networks for phones round the channels that a factor gives. */
final class RoundedChannels {
  private static final int MULTIPLE = 8;

  private RoundedChannels() {}

  /** The nearest multiple of 8, at least 8, never under 90 % of what is wanted. */
  static int of(double wanted) {
    int rounded = Math.max(MULTIPLE, (int) (wanted + MULTIPLE / 2) / MULTIPLE * MULTIPLE);
    return rounded < 0.9 * wanted ? rounded + MULTIPLE : rounded;
  }
}
