package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.DType;

/** The same values in another floating type, rounded to nearest even; the gradient is cast back. */
public record Cast(DType to) implements Operation {
  static final Identity IDENTITY = new Identity("cast", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** It computes nothing. */
  @Override
  public long flops(Call call) {
    return 0;
  }

  @Override
  public DType computesIn(Call call) {
    return to;
  }

  /**
   * @return in the layout of x; x itself when it has that type already
   */
  public static Variable apply(Tape tape, Variable x, DType dtype) {
    DType from = x.value().dtype();
    if (from == dtype) {
      return x;
    }
    var memory = tape.backend().memory();
    return tape.record(
        new Cast(dtype),
        operands(x),
        memory.cast(x.value(), dtype),
        dy -> tape.accumulate(x, memory.cast(dy, from)));
  }
}
