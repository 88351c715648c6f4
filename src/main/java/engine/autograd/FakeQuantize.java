package engine.autograd;

import engine.backend.Quantizers;
import engine.tensor.Tensor;

/**
 * Rounds to the grid of a quantised tensor and back, with the gradient passed straight through
 * where nothing was clamped (Jacob et al. 2018, section 3).
 */
public final class FakeQuantize {
  private FakeQuantize() {}

  /**
   * @param axis of the channels (x is row-major then), or -1 for one grid
   * @param scale F32 [channels], read when the op runs; the caller's
   * @param zeroPoint I32 [channels]
   */
  public static Variable apply(
      Tape tape, Variable x, int axis, Tensor scale, Tensor zeroPoint, int qmin, int qmax) {
    Quantizers quantizers = tape.backend().quantizers();
    var r = quantizers.fakeQuantize(x.value(), axis, null, scale, zeroPoint, qmin, qmax);
    return tape.describe(
        tape.record(
            "fakeQuantize",
            r.y(),
            x.requiresGrad(),
            dy -> tape.accumulate(x, quantizers.fakeQuantizeBackward(dy, r.y(), r.mask())),
            r.mask()),
        new Operation.FakeQuantize(axis, scale, zeroPoint, qmin, qmax),
        x);
  }
}
