package engine.autograd;

import static engine.autograd.Tape.operands;

/** x times a constant. */
public record Scale(float factor) implements Operation {
  static final Identity IDENTITY = new Identity("scale", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  @Override
  public long flops(Call call) {
    return call.written();
  }

  public static Variable apply(Tape tape, Variable x, float factor) {
    var elementwise = tape.backend().elementwise();
    return tape.record(
        new Scale(factor),
        operands(x),
        elementwise.scale(x.value(), factor),
        dy -> tape.accumulate(x, elementwise.scale(dy, factor)));
  }
}
