package engine.backend.cuda.ops;

import engine.backend.Losses;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Losses with their gradients. A target that is no class is found on the device, and reported by
 * the next download.
 */
public final class CudaLosses implements Losses {
  private static final int ONE_BLOCK = 256;

  private final CudaMemory memory;
  private final Launcher launch;

  public CudaLosses(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Result crossEntropy(
      Tensor logits,
      Tensor targets,
      Tensor weight,
      float smoothing,
      int ignoreIndex,
      Reduction reduction) {
    checkTargets(logits, targets);
    int n = logits.shape().size(0);
    int k = logits.shape().size(1);
    if (weight != null && weight.shape().elements() != k) {
      throw new IllegalArgumentException(
          "class weights " + weight.shape() + " do not fit " + k + " classes");
    }
    try (Tensor x = memory.toRowMajor(logits, DType.F32);
        Tensor w = weight == null ? null : memory.toRowMajor(weight, DType.F32);
        Tensor divisor = memory.empty(DType.F32, Shape.of(2))) {
      launch
          .kernel("cross_entropy_divisor")
          .of(targets)
          .of(w)
          .of(ignoreIndex)
          .of(divisor)
          .of(n)
          .of(k)
          .of(memory.fault())
          .grid(1, 1, ONE_BLOCK);
      Tensor dx = memory.empty(DType.F32, logits.shape());
      Tensor losses = memory.empty(DType.F32, Shape.of(n));
      launch
          .kernel("cross_entropy")
          .of(x)
          .of(targets)
          .of(w)
          .of(divisor)
          .of(smoothing)
          .of(ignoreIndex)
          .of(reduction == Reduction.MEAN)
          .of(dx)
          .of(losses)
          .of(n)
          .of(k)
          .warps(n);
      return reduce(dx, losses, reduction);
    }
  }

  @Override
  public Result crossEntropySoft(Tensor logits, Tensor q, float smoothing, Reduction reduction) {
    return soft(logits, q, smoothing, false, reduction);
  }

  @Override
  public Result klDivergence(Tensor logits, Tensor q) {
    return soft(logits, q, 0, true, Reduction.MEAN);
  }

  private Result soft(Tensor logits, Tensor q, float smoothing, boolean kl, Reduction reduction) {
    if (!logits.shape().equals(q.shape())) {
      throw new IllegalArgumentException(
          "target distributions " + q.shape() + " do not fit logits " + logits.shape());
    }
    checkRank(logits);
    int n = logits.shape().size(0);
    int k = logits.shape().size(1);
    try (Tensor x = memory.toRowMajor(logits, DType.F32);
        Tensor targets = memory.toRowMajor(q, DType.F32)) {
      Tensor dx = memory.empty(DType.F32, logits.shape());
      Tensor losses = memory.empty(DType.F32, Shape.of(n));
      launch
          .kernel("cross_entropy_soft")
          .of(x)
          .of(targets)
          .of(smoothing)
          .of(kl)
          .of(reduction == Reduction.MEAN ? (float) n : 1f)
          .of(dx)
          .of(losses)
          .of(n)
          .of(k)
          .warps(n);
      return reduce(dx, losses, reduction);
    }
  }

  @Override
  public Result labelSmoothingKl(Tensor logits, Tensor targets, float smoothing) {
    checkTargets(logits, targets);
    int n = logits.shape().size(0);
    int k = logits.shape().size(1);
    try (Tensor x = memory.toRowMajor(logits, DType.F32)) {
      Tensor dx = memory.empty(DType.F32, logits.shape());
      Tensor losses = memory.empty(DType.F32, Shape.of(n));
      launch
          .kernel("smoothing_kl")
          .of(x)
          .of(targets)
          .of(smoothing)
          .of(dx)
          .of(losses)
          .of(n)
          .of(k)
          .of(memory.fault())
          .warps(n);
      return reduce(dx, losses, Reduction.MEAN);
    }
  }

  @Override
  public Tensor scaleGradient(Tensor dlogits, Tensor dloss) {
    Tensor out = memory.empty(DType.F32, dlogits.shape());
    try (Tensor g = memory.toRowMajor(dloss, DType.F32)) {
      launch
          .kernel("scale_rows")
          .of(dlogits)
          .of(g)
          .of(dloss.shape().rank() == 1)
          .of(out)
          .of(dlogits.shape().dim(0))
          .of(dlogits.shape().dim(1))
          .threads(dlogits.shape().elements());
    }
    return out;
  }

  /** The rows' losses are divided already where the mean is asked for: it is their sum. */
  private Result reduce(Tensor dx, Tensor losses, Reduction reduction) {
    if (reduction == Reduction.NONE) {
      return new Result(losses, dx);
    }
    Tensor total = memory.empty(DType.F32, Shape.of());
    try (losses) {
      launch
          .kernel("loss_total")
          .of(losses)
          .of(total)
          .of(losses.shape().size(0))
          .grid(1, 1, ONE_BLOCK);
    }
    return new Result(total, dx);
  }

  private static void checkRank(Tensor logits) {
    if (logits.shape().rank() != 2) {
      throw new IllegalArgumentException("logits must be [N, K], not " + logits.shape());
    }
  }

  private static void checkTargets(Tensor logits, Tensor targets) {
    if (targets.dtype() != DType.I32
        || logits.shape().rank() != 2
        || !targets.shape().equals(Shape.of(logits.shape().dim(0)))) {
      throw new IllegalArgumentException(
          "logits " + logits + " want I32 targets, one for each row, not " + targets);
    }
  }
}
