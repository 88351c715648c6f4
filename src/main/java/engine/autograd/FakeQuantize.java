package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Quantizers;

/**
 * Rounds to the grid of a quantised tensor and back, with the gradient passed straight through
 * where nothing was clamped (Jacob et al. 2018, section 3).
 *
 * @param grid whoever made it closes its tensors
 */
public record FakeQuantize(Quantizers.QuantRange grid) implements Operation {
  static final Identity IDENTITY = new Identity("fake_quantize", Autocast.AS_GIVEN);

  /** Divide, add the zero point, round, two bounds, and back. */
  static final int FLOPS = 7;

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return FLOPS * call.written();
  }

  /**
   * @param grid read when the op runs; the caller's
   */
  public static Variable apply(Tape tape, Variable x, Quantizers.QuantRange grid) {
    Quantizers quantizers = tape.backend().quantizers();
    return tape.record(
        new FakeQuantize(grid),
        operands(x),
        quantizers.fakeQuantize(x.value(), null, grid),
        dy -> tape.accumulate(x, quantizers.fakeQuantizeBackward(dy, x.value(), null, grid)));
  }
}
