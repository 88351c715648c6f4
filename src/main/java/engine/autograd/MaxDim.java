package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Reductions;

/** The largest value along one axis; the whole gradient goes to the first of equal maxima. */
public record MaxDim(int axis, boolean keepDim) implements Operation {
  static final Identity IDENTITY = new Identity("max_dim", Autocast.AS_GIVEN);

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
   * @param keepDim whether the axis stays with extent 1
   */
  public static Variable apply(Tape tape, Variable x, int axis, boolean keepDim) {
    var reductions = tape.backend().reductions();
    Reductions.MaxDim max = reductions.maxDim(x.value(), axis, keepDim);
    return tape.record(
        new MaxDim(axis, keepDim),
        operands(x),
        max.values(),
        dy -> tape.accumulate(x, reductions.maxDimBackward(dy, max.indices(), x.value(), axis)),
        max.indices());
  }
}
