package engine.autograd;

import engine.backend.Normalizations;
import engine.tensor.Tensor;
import java.util.function.Supplier;

/**
 * Batch normalisation, with the residual sum and the ReLU that follow it in a residual network done
 * in the same pass: {@code y = relu(scale * (x - mean) / sqrt(variance + eps) + shift + residual)},
 * the last two optional.
 */
public final class BatchNorm {
  /** Name on the tape of one whose result is left to the convolutions that read it. */
  public static final String FOR_CONVOLUTION = "batchNormForConv2d";

  private BatchNorm() {}

  /** What follows the sum of norm and residual. */
  public enum Then {
    NOTHING,
    RELU,
    /**
     * A ReLU, whose result convolutions with a norm of their own read, and little else: devices
     * that can leave it to them to compute. Without a residual.
     */
    RELU_FOR_CONVOLUTION
  }

  /**
   * With the statistics of the batch; updates the running ones unless they are null.
   *
   * @param x [N, C] or [N, C, H, W]
   * @param scale [C], or null
   * @param shift [C], or null
   * @param residual of the shape of x, or null
   * @param runningMean [C], or null
   * @param momentum weight of this batch in the running statistics
   * @throws IllegalArgumentException with one value a channel, of which there is no variance
   */
  public static Variable train(
      Tape tape,
      Variable x,
      Variable scale,
      Variable shift,
      Variable residual,
      Tensor runningMean,
      Tensor runningVariance,
      float momentum,
      float eps,
      boolean relu) {
    Then then = relu ? Then.RELU : Then.NOTHING;
    var conv = new Conv2dOp.ForNorm(x, null);
    return train(
        tape, conv, scale, shift, residual, runningMean, runningVariance, momentum, eps, then);
  }

  /**
   * The same after a convolution.
   *
   * @param conv its sums are closed
   */
  public static Variable train(
      Tape tape,
      Conv2dOp.ForNorm conv,
      Variable scale,
      Variable shift,
      Variable residual,
      Tensor runningMean,
      Tensor runningVariance,
      float momentum,
      float eps,
      Then then) {
    Variable x = conv.y();
    boolean relu = then != Then.NOTHING;
    long values = x.shape().elements() / x.shape().dim(1);
    Normalizations norms = tape.backend().normalizations();
    tape.reads(x, scale, shift);
    Normalizations.Trained f;
    try (var sums = conv.sums()) {
      if (values < 2) {
        throw new IllegalArgumentException(
            "batch norm got "
                + values
                + " value a channel in training, of which there is no variance: train with a"
                + " larger --batch or larger images");
      }
      f = forward(norms, x.value(), sums, value(scale), value(shift), eps, value(residual), then);
    }
    if (runningMean != null && !tape.keepsStatistics()) {
      norms.updateRunningInPlace(runningMean, runningVariance, f.saved(), momentum, values);
    }
    var saved = f.saved();
    boolean grad = tape.isRecording() && Variable.anyRequiresGrad(x, scale, shift, residual);
    Variable out = f.y() == null ? new Variable(saved.deferred(), grad) : new Variable(f.y(), grad);
    out.recomputeBy(
        () ->
            norms.infer(
                x.value(),
                value(scale),
                value(shift),
                saved.mean(),
                saved.variance(),
                eps,
                value(residual),
                relu));
    return tape.recordWithResult(
        then == Then.RELU_FOR_CONVOLUTION ? FOR_CONVOLUTION : "batchNorm",
        out,
        (dy, y) ->
            pass(
                tape,
                norms.backwardInPlace(
                    x.value(),
                    dy,
                    relu && residual != null ? y.value() : null,
                    value(scale),
                    value(shift),
                    saved,
                    eps,
                    residual != null,
                    relu),
                x,
                scale,
                shift,
                residual),
        saved);
  }

  /** A deferred result has no tensor. */
  private static Normalizations.Trained forward(
      Normalizations norms,
      Tensor x,
      Normalizations.Sums sums,
      Tensor scale,
      Tensor shift,
      float eps,
      Tensor residual,
      Then then) {
    if (then == Then.RELU_FOR_CONVOLUTION && residual == null && sums != null) {
      var saved = norms.defer(x, sums, scale, shift, eps);
      if (saved != null) {
        return new Normalizations.Trained(null, saved);
      }
    }
    return norms.train(x, sums, scale, shift, eps, residual, then != Then.NOTHING);
  }

  /** With running statistics, which count as constants. */
  public static Variable infer(
      Tape tape,
      Variable x,
      Variable scale,
      Variable shift,
      Variable residual,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean relu) {
    Normalizations norms = tape.backend().normalizations();
    tape.reads(x, scale, shift);
    Supplier<Tensor> result =
        () ->
            norms.infer(
                x.value(), value(scale), value(shift), mean, variance, eps, value(residual), relu);
    Variable out =
        tape.recordWithResult(
            "batchNorm",
            result.get(),
            Variable.anyRequiresGrad(x, scale, shift, residual),
            (dy, y) ->
                pass(
                    tape,
                    norms.inferBackwardInPlace(
                        x.value(),
                        dy,
                        relu ? y.value() : null,
                        value(scale),
                        value(shift),
                        mean,
                        variance,
                        eps,
                        residual != null,
                        relu),
                    x,
                    scale,
                    shift,
                    residual));
    if (tape.isRecording()) {
      out.recomputeBy(result);
    }
    return tape.describe(
        out, new Operation.BatchNorm(mean, variance, eps, relu), x, scale, shift, residual);
  }

  private static void pass(
      Tape tape,
      Normalizations.Gradients g,
      Variable x,
      Variable scale,
      Variable shift,
      Variable residual) {
    tape.accumulate(x, g.x());
    if (scale != null) {
      tape.accumulate(scale, g.scale());
    }
    if (shift != null) {
      tape.accumulate(shift, g.shift());
    }
    if (residual != null) {
      tape.accumulate(residual, g.residual());
    }
  }

  private static Tensor value(Variable v) {
    return v == null ? null : v.value();
  }
}
