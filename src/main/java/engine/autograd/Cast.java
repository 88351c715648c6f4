package engine.autograd;

import engine.tensor.DType;

/** The same values in another floating type, rounded to nearest even; the gradient is cast back. */
public final class Cast {
  private Cast() {}

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
        "cast",
        memory.cast(x.value(), dtype),
        x.requiresGrad(),
        dy -> tape.accumulate(x, memory.cast(dy, from)));
  }
}
