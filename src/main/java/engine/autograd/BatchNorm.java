package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.backend.Normalizations;
import engine.backend.Normalizations.Running;
import engine.backend.Normalizations.Statistics;
import engine.base.Setting;
import engine.tensor.Tensor;
import java.util.function.Supplier;

/**
 * Batch normalisation, with the residual sum and the ReLU that follow it in a residual network done
 * in the same pass: {@code y = relu(scale * (x - mean) / sqrt(variance + eps) + shift + residual)},
 * the last two optional.
 */
public final class BatchNorm {
  static final Operation.Identity IDENTITY =
      new Operation.Identity("batch_norm", Autocast.AS_GIVEN);

  /** Place of the residual among the operands. */
  public static final int RESIDUAL = 3;

  /** FLOPs a number: the sum, and a product and its sum. */
  private static final int STATISTICS = 3;

  /** FLOPs a number: the difference, a product, a sum. */
  private static final int NORMALISE = 3;

  /**
   * With the statistics of the batch. Operands: x, and a scale, a shift and a residual that may be
   * missing.
   *
   * @param relu whether a ReLU follows the sum
   * @param forConvolution see {@link After}
   */
  public record Train(boolean relu, boolean forConvolution) implements Operation {
    @Override
    public Identity identity() {
      return IDENTITY;
    }

    @Override
    public long flops(Call call) {
      return statisticsFlops(call) + normalise(call);
    }

    /** x twice: all of it makes the statistics before any of it is normalised. */
    @Override
    public long bytes(Call call) {
      return call.bytes() + call.inputs().getFirst().bytes();
    }

    @Override
    public boolean keeps(int i) {
      return i != RESIDUAL;
    }

    @Override
    public boolean isWeight(int i) {
      return i == 1 || i == 2;
    }
  }

  /**
   * With fixed statistics, of the same operands.
   *
   * @param statistics whoever made them closes them
   * @param relu whether a ReLU follows the sum
   */
  public record Infer(Statistics statistics, float eps, boolean relu) implements Operation {
    @Override
    public Identity identity() {
      return IDENTITY;
    }

    @Override
    public long flops(Call call) {
      return normalise(call);
    }

    @Override
    public boolean keeps(int i) {
      return i != RESIDUAL;
    }

    @Override
    public boolean isWeight(int i) {
      return i == 1 || i == 2;
    }
  }

  private BatchNorm() {}

  /** Of the sums over a batch, which a device may leave to the op before. */
  public static long statisticsFlops(Call call) {
    return STATISTICS * call.read();
  }

  private static long normalise(Call call) {
    return (NORMALISE + (call.has(RESIDUAL) ? 1 : 0)) * call.read();
  }

  /**
   * What is learned.
   *
   * @param scale [C], or null for 1
   * @param shift [C], or null for 0
   * @param eps added to the variance
   */
  public record Affine(Variable scale, Variable shift, float eps) {
    Normalizations.Affine values() {
      return new Normalizations.Affine(value(scale), value(shift), eps);
    }
  }

  /**
   * What follows the norm.
   *
   * @param residual added to it, of the shape of x; or null
   * @param relu whether a ReLU is the end
   * @param forConvolution whether convolutions with a norm of their own read the result, and little
   *     else: devices that can leave it to them to compute. With a ReLU, without a residual
   */
  public record After(Variable residual, boolean relu, boolean forConvolution) {
    public static final After NOTHING = new After(null, false, false);
    public static final After RELU = new After(null, true, false);
    public static final After RELU_FOR_CONVOLUTION = new After(null, true, true);

    /** A sum and its ReLU. */
    public static After addRelu(Variable residual) {
      return new After(residual, true, false);
    }

    /** Whether nothing follows. */
    public boolean isNothing() {
      return residual == null && !relu;
    }

    Normalizations.After values() {
      return new Normalizations.After(value(residual), relu);
    }

    Normalizations.Result result(Tensor y) {
      return new Normalizations.Result(y, residual != null, relu);
    }
  }

  /**
   * With the statistics of the batch.
   *
   * @param x [N, C] or [N, C, H, W]
   * @param running moved towards those of the batch; or null
   * @throws IllegalArgumentException with one value a channel, of which there is no variance
   */
  public static Variable train(Tape tape, Variable x, Affine norm, Running running, After after) {
    return train(tape, new Conv2dOp.ForNorm(x, null), norm, running, after);
  }

  /**
   * The same after a convolution.
   *
   * @param conv its sums are closed
   */
  public static Variable train(
      Tape tape, Conv2dOp.ForNorm conv, Affine norm, Running running, After after) {
    Variable x = conv.y();
    long values = x.shape().elements() / x.shape().dim(1);
    Normalizations norms = tape.backend().normalizations();
    Normalizations.Trained f;
    try (var sums = conv.sums()) {
      if (values < 2) {
        throw new IllegalArgumentException(
            "batch norm got "
                + values
                + " value a channel in training, of which there is no variance: train with a"
                + " larger "
                + Setting.BATCH
                + " or larger images");
      }
      f = forward(norms, x.value(), sums, norm, after, tape.keepsStatistics() ? null : running);
    }
    var saved = f.saved();
    boolean grad =
        tape.isRecording() && Variable.anyRequiresGrad(x, norm.scale, norm.shift, after.residual);
    Variable out = f.y() == null ? new Variable(saved.deferred(), grad) : new Variable(f.y(), grad);
    out.recomputeBy(() -> norms.infer(x.value(), norm.values(), saved.batch(), after.values()));
    boolean readsResult = after.relu && after.residual != null;
    return tape.recordWithResult(
        new Train(after.relu, after.forConvolution),
        operands(x, norm.scale, norm.shift, after.residual),
        out,
        (dy, y) ->
            pass(
                tape,
                norms.backwardInPlace(
                    x.value(),
                    dy,
                    after.result(readsResult ? y.value() : null),
                    norm.values(),
                    saved),
                x,
                norm,
                after),
        saved);
  }

  /** A deferred result has no tensor. */
  private static Normalizations.Trained forward(
      Normalizations norms,
      Tensor x,
      Normalizations.Sums sums,
      Affine norm,
      After after,
      Running running) {
    if (after.forConvolution && after.residual == null && sums != null) {
      var saved = norms.defer(x, sums, norm.values(), running);
      if (saved != null) {
        return new Normalizations.Trained(null, saved);
      }
    }
    return norms.train(x, sums, norm.values(), after.values(), running);
  }

  /**
   * With running statistics.
   *
   * @param fixed count as constants
   */
  public static Variable infer(Tape tape, Variable x, Affine norm, Statistics fixed, After after) {
    Normalizations norms = tape.backend().normalizations();
    Supplier<Tensor> result = () -> norms.infer(x.value(), norm.values(), fixed, after.values());
    Variable out =
        tape.recordWithResult(
            new Infer(fixed, norm.eps, after.relu),
            operands(x, norm.scale, norm.shift, after.residual),
            result.get(),
            (dy, y) ->
                pass(
                    tape,
                    norms.inferBackwardInPlace(
                        x.value(),
                        dy,
                        after.result(after.relu ? y.value() : null),
                        norm.values(),
                        fixed),
                    x,
                    norm,
                    after));
    if (tape.isRecording()) {
      out.recomputeBy(result);
    }
    return out;
  }

  private static void pass(
      Tape tape, Normalizations.Gradients g, Variable x, Affine norm, After after) {
    tape.accumulate(x, g.x());
    if (norm.scale != null) {
      tape.accumulate(norm.scale, g.scale());
    }
    if (norm.shift != null) {
      tape.accumulate(norm.shift, g.shift());
    }
    if (after.residual != null) {
      tape.accumulate(after.residual, g.residual());
    }
  }

  private static Tensor value(Variable v) {
    return v == null ? null : v.value();
  }
}
