package engine.autograd;

/** x times a constant. */
public final class Scale {
  private Scale() {}

  public static Variable apply(Tape tape, Variable x, float factor) {
    var elementwise = tape.backend().elementwise();
    return tape.describe(
        tape.record(
            "scale",
            elementwise.scale(x.value(), factor),
            x.requiresGrad(),
            dy -> tape.accumulate(x, elementwise.scale(dy, factor))),
        new Operation.Scale(factor),
        x);
  }
}
