package engine.backend.cpu;

import engine.backend.cpu.runtime.Raw;

/** Losses of logits [n, k] against a distribution a row, with their gradients. */
final class SoftTargets {
  private SoftTargets() {}

  /**
   * A row loses {@code -sum(q' * logp)} with {@code q' = (1-eps) * q + eps/K}, less the entropy of
   * q' if {@code lessEntropy}, which makes it the KL divergence; divided by n if {@code mean}.
   */
  static void run(LossRows rows, long targets, float smoothing, boolean lessEntropy, boolean mean) {
    long x = rows.x();
    long dx = rows.dx();
    long losses = rows.losses();
    long n = rows.n();
    int k = rows.k();
    double divisor = mean ? n : 1;
    for (long i = 0; i < n; i++) {
      long row = i * k;
      double logSum = HardTargets.logSum(x, row, k);
      double loss = 0;
      double mass = 0;
      for (int c = 0; c < k; c++) {
        double q = smoothed(targets, row + c, smoothing, k);
        mass += q;
        if (q != 0) {
          loss += q * (logSum - Raw.f32(x, row + c));
        }
        loss += lessEntropy ? HardTargets.xLogX(q) : 0;
      }
      for (int c = 0; c < k; c++) {
        double p = Math.exp(Raw.f32(x, row + c) - logSum);
        double q = smoothed(targets, row + c, smoothing, k);
        Raw.f32(dx, row + c, (float) ((p * mass - q) / divisor));
      }
      Raw.f32(losses, i, (float) (loss / divisor));
    }
  }

  private static double smoothed(long targets, long at, float smoothing, int k) {
    return (1 - (double) smoothing) * Raw.f32(targets, at) + (double) smoothing / k;
  }
}
