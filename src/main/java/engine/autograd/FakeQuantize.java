package engine.autograd;

import engine.backend.Quantizers;

/**
 * Rounds to the grid of a quantised tensor and back, with the gradient passed straight through
 * where nothing was clamped (Jacob et al. 2018, section 3).
 */
public final class FakeQuantize {
  private FakeQuantize() {}

  /**
   * @param grid read when the op runs; the caller's
   */
  public static Variable apply(Tape tape, Variable x, Quantizers.QuantRange grid) {
    Quantizers quantizers = tape.backend().quantizers();
    return tape.describe(
        tape.record(
            "fakeQuantize",
            quantizers.fakeQuantize(x.value(), null, grid),
            x.requiresGrad(),
            dy -> tape.accumulate(x, quantizers.fakeQuantizeBackward(dy, x.value(), null, grid))),
        new Operation.FakeQuantize(grid),
        x);
  }
}
