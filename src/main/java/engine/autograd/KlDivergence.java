package engine.autograd;

import engine.tensor.Tensor;

/** KL(q || softmax(logits)), summed over classes and averaged over the batch ("batchmean"). */
public final class KlDivergence {
  private KlDivergence() {}

  /**
   * @param logits [N, K]
   * @param q distributions [N, K]; read now only, the caller's, and without a gradient
   * @return a scalar
   */
  public static Variable apply(Tape tape, Variable logits, Tensor q) {
    Variable x = tape.operand("klDivergence", logits);
    return CrossEntropy.record(
        tape, "klDivergence", x, tape.backend().losses().klDivergence(x.value(), q));
  }
}
