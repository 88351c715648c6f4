package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.Tensor;

/** The largest value over axes; equal maxima share the gradient equally. */
public record Amax() implements Operation {
  static final Identity IDENTITY = new Identity("amax", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** One comparison fewer than a result has numbers. */
  @Override
  public long flops(Call call) {
    return call.read() - call.written();
  }

  /**
   * @param axes which axes go; negative ones count from the end
   * @param keepDim whether they stay with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int[] axes, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Tensor y = reductions.amax(x.value(), axes, keepDim);
    return tape.record(
        new Amax(),
        operands(x),
        y,
        dy -> tape.accumulate(x, reductions.amaxBackward(dy, y, x.value(), axes)));
  }
}
