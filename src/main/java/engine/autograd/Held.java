package engine.autograd;

import engine.autograd.BatchNorm.After;
import java.util.List;

/**
 * A computation that a tape holds back until somebody asks for its result, since what follows it
 * may be done in the same pass: a norm takes in the convolution before it, the sum and the ReLU
 * after it. Only what nothing else waits for is taken in; who asks for such a value later gets it
 * computed by itself. See {@link Tape#hold}.
 */
public interface Held {
  /** What it reads, but for parameters. */
  List<Variable> reads();

  /**
   * Computes it, by ops that are recorded as any.
   *
   * @param after what follows in the same pass; the result is that of the last of it
   * @return null if it does nothing of that kind in its pass; then nothing was computed
   */
  Variable compute(Tape tape, After after);

  /** The same where one convolution with a norm of its own reads the result, and nothing else. */
  default Variable computeForConvolution(Tape tape) {
    return compute(tape, After.NOTHING);
  }
}
