package engine.autograd;

import engine.tensor.HostTensor;
import engine.tensor.Tensor;

/**
 * The other common label smoothing: KL divergence (batchmean) from a distribution with 1-eps on the
 * target and eps/(K-1) on each other class. Lower than cross-entropy by the entropy of that
 * distribution.
 */
public record LabelSmoothingKl() implements Operation {
  static final Identity IDENTITY = new Identity("label_smoothing_kl", Autocast.FULL);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** Those of {@link KlDivergence}, but that the distribution's entropy is known. */
  @Override
  public long flops(Call call) {
    long n = call.read();
    long rows = call.shape(0).dim(0);
    return LogSoftmax.flops(n, rows) + 2 * n + rows;
  }

  /**
   * @param logits [N, K]
   * @param targets I32 [N]; read now only, the caller's
   * @return a scalar
   */
  public static Variable apply(Tape tape, Variable logits, Tensor targets, float smoothing) {
    Variable x = tape.operand(IDENTITY, logits);
    return CrossEntropy.record(
        tape,
        new LabelSmoothingKl(),
        x,
        tape.backend().losses().labelSmoothingKl(x.value(), targets, smoothing));
  }

  /** The smoothed distributions [N, K] themselves, for {@link KlDivergence} and for people. */
  public static HostTensor distribution(int[] targets, int classes, float smoothing) {
    float[] q = new float[targets.length * classes];
    java.util.Arrays.fill(q, (float) ((double) smoothing / (classes - 1)));
    for (int i = 0; i < targets.length; i++) {
      q[i * classes + targets[i]] = (float) (1 - (double) smoothing);
    }
    return HostTensor.of(q, targets.length, classes);
  }
}
