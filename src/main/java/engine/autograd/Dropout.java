package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Elementwise.Binary;
import engine.tensor.Tensor;

/**
 * Inverted dropout (Srivastava et al. 2014): what is kept is divided by 1-p, so that evaluation
 * changes nothing.
 *
 * @param p probability that an element becomes 0
 */
public record Dropout(float p) implements Operation {
  static final Identity IDENTITY = new Identity("dropout", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** The product with the mask; the draws count nothing. */
  @Override
  public long flops(Call call) {
    return call.written();
  }

  /**
   * Draws a mask from the tape's random state (see {@link Tape#withRandom}); x itself in evaluation
   * or with p = 0.
   *
   * @param p probability that an element becomes 0
   */
  public static Variable apply(Tape tape, Variable x, float p) {
    if (!tape.isTraining() || p == 0) {
      return x;
    }
    Tensor mask =
        tape.backend()
            .elementwise()
            .dropoutMask(x.value(), p, tape.randomState(), tape.nextRandomStream());
    return masked(tape, new Dropout(p), x, mask);
  }

  /**
   * With a given mask.
   *
   * @param keep F32 of the shape of x: 1 where kept, else 0; the caller's
   */
  public static Variable apply(Tape tape, Variable x, Tensor keep, float p) {
    return masked(tape, new Dropout(p), x, tape.backend().elementwise().scale(keep, 1 / (1 - p)));
  }

  /** x * mask; takes over the reference to the mask. */
  static Variable masked(Tape tape, Operation op, Variable x, Tensor mask) {
    var elementwise = tape.backend().elementwise();
    return tape.record(
        op,
        operands(x),
        elementwise.binary(Binary.MUL, x.value(), mask),
        dy -> tape.accumulate(x, elementwise.binary(Binary.MUL, dy, mask)),
        mask);
  }
}
