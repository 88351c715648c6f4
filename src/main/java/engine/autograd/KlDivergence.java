package engine.autograd;

import engine.tensor.Tensor;

/** KL(q || softmax(logits)), summed over classes and averaged over the batch ("batchmean"). */
public record KlDivergence() implements Operation {
  static final Identity IDENTITY = new Identity("kl_div", Autocast.FULL);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** Those of two logarithms, of a difference, a product and a sum a class, and of the mean. */
  @Override
  public long flops(Call call) {
    long n = call.read();
    long rows = call.shape(0).dim(0);
    return LogSoftmax.flops(n, rows) + 4 * n;
  }

  /**
   * @param logits [N, K]
   * @param q distributions [N, K]; read now only, the caller's, and without a gradient
   * @return a scalar
   */
  public static Variable apply(Tape tape, Variable logits, Tensor q) {
    Variable x = tape.operand(IDENTITY, logits);
    return CrossEntropy.record(
        tape, new KlDivergence(), x, tape.backend().losses().klDivergence(x.value(), q));
  }
}
