package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;

/**
 * Drops a whole residual branch for some images of a batch (Huang et al. 2016): torchvision's mode
 * "row".
 *
 * @param p probability that an image's branch becomes 0
 */
public record StochasticDepth(float p) implements Operation {
  static final Identity IDENTITY = new Identity("stochastic_depth", Autocast.AS_GIVEN);

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
   * Draws which images to keep from the tape's random state; x itself in evaluation or with p = 0.
   *
   * @param x [N, ...], the branch before it joins the sum
   * @param p probability that an image's branch becomes 0; kept ones are divided by 1-p
   */
  public static Variable apply(Tape tape, Variable x, float p) {
    if (!tape.isTraining() || p == 0) {
      return x;
    }
    long[] dims = new long[x.shape().rank()];
    Arrays.fill(dims, 1);
    dims[0] = x.shape().dim(0);
    try (Tensor rows = tape.backend().memory().empty(DType.F32, Shape.of(dims))) {
      Tensor mask =
          tape.backend()
              .elementwise()
              .dropoutMask(rows, p, tape.randomState(), tape.nextRandomStream());
      return Dropout.masked(tape, new StochasticDepth(p), x, mask);
    }
  }

  /**
   * With given rows.
   *
   * @param keep F32 [N, 1, ...]: 1 where kept, else 0; the caller's
   */
  public static Variable apply(Tape tape, Variable x, Tensor keep, float p) {
    return Dropout.masked(
        tape, new StochasticDepth(p), x, tape.backend().elementwise().scale(keep, 1 / (1 - p)));
  }
}
