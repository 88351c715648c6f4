package engine.autograd;

import engine.tensor.Shape;

/**
 * [N, ...] to [N, everything else], by {@link Reshape}: what stands between the pooled features and
 * the classifier.
 */
public final class Flatten {
  private Flatten() {}

  public static Variable apply(Tape tape, Variable x) {
    long n = x.shape().dim(0);
    return Reshape.apply(tape, x, Shape.of(n, n == 0 ? 0 : x.shape().elements() / n));
  }
}
