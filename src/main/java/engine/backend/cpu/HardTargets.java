package engine.backend.cpu;

import engine.backend.cpu.runtime.Raw;

/** Losses of logits [n, k] against one class a row, with their gradients. */
final class HardTargets {
  private HardTargets() {}

  /**
   * PyTorch's cross-entropy: a row loses {@code (1-eps) * w[y] * -logp[y] + eps/K * sum(w[c] *
   * -logp[c])}; the mean divides by the sum of w[y], and ignored rows count for nothing.
   *
   * @param targets address of a class a row
   * @param weights k floats, or 0 for ones
   */
  static void crossEntropy(
      LossRows rows, long targets, long weights, float smoothing, int ignoreIndex, boolean mean) {
    long x = rows.x();
    long dx = rows.dx();
    long losses = rows.losses();
    long n = rows.n();
    int k = rows.k();
    double divisor = mean ? 0 : 1;
    double allWeights = 0;
    for (int c = 0; c < k; c++) {
      allWeights += weight(weights, c);
    }
    for (long i = 0; i < n; i++) {
      int y = Raw.i32(targets, i);
      if (y != ignoreIndex) {
        check(y, k);
        divisor += mean ? weight(weights, y) : 0;
      }
    }
    double even = (double) smoothing / k;
    for (long i = 0; i < n; i++) {
      int y = Raw.i32(targets, i);
      long row = i * k;
      if (y == ignoreIndex) {
        for (int c = 0; c < k; c++) {
          Raw.f32(dx, row + c, 0);
        }
        // 0/0 where every row is ignored, as in PyTorch.
        Raw.f32(losses, i, (float) (0 / divisor));
        continue;
      }
      double logSum = logSum(x, row, k);
      double own = (1 - (double) smoothing) * weight(weights, y);
      double loss = own * (logSum - Raw.f32(x, row + y));
      double mass = own + even * allWeights;
      for (int c = 0; c < k; c++) {
        double minusLogP = logSum - Raw.f32(x, row + c);
        double q = even * weight(weights, c) + (c == y ? own : 0);
        if (even != 0) {
          loss += even * weight(weights, c) * minusLogP;
        }
        Raw.f32(dx, row + c, (float) ((Math.exp(-minusLogP) * mass - q) / divisor));
      }
      Raw.f32(losses, i, (float) (loss / divisor));
    }
  }

  /**
   * Batch-mean KL divergence from q, with 1-eps on the target and eps/(K-1) on each other class, to
   * softmax(x).
   */
  static void smoothingKl(LossRows rows, long targets, float smoothing) {
    long x = rows.x();
    long dx = rows.dx();
    long losses = rows.losses();
    long n = rows.n();
    int k = rows.k();
    double other = k > 1 ? (double) smoothing / (k - 1) : 0;
    double own = 1 - (double) smoothing;
    double mass = own + (k - 1) * other;
    double entropy = -(xLogX(own) + (k - 1) * xLogX(other));
    for (long i = 0; i < n; i++) {
      int y = Raw.i32(targets, i);
      check(y, k);
      long row = i * k;
      double logSum = logSum(x, row, k);
      double cross = 0;
      for (int c = 0; c < k; c++) {
        double minusLogP = logSum - Raw.f32(x, row + c);
        double q = c == y ? own : other;
        if (q != 0) {
          cross += q * minusLogP;
        }
        Raw.f32(dx, row + c, (float) ((Math.exp(-minusLogP) * mass - q) / n));
      }
      Raw.f32(losses, i, (float) ((cross - entropy) / n));
    }
  }

  /** log(sum(exp(x))) of a row. */
  static double logSum(long x, long row, int k) {
    double max = Softmaxes.max(x, row, k, 1);
    double sum = 0;
    for (int c = 0; c < k; c++) {
      sum += Math.exp(Raw.f32(x, row + c) - max);
    }
    return max + Math.log(sum);
  }

  /** x log x with its limit 0 at 0. */
  static double xLogX(double v) {
    return v > 0 ? v * Math.log(v) : 0;
  }

  private static double weight(long weights, int c) {
    return weights == 0 ? 1 : Raw.f32(weights, c);
  }

  private static void check(int y, int k) {
    if (y < 0 || y >= k) {
      throw new IllegalArgumentException(
          "a target of class "
              + y
              + " does not fit logits of "
              + k
              + " classes: set the number of classes");
    }
  }
}
