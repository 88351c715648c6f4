package engine.backend.cpu;

import engine.backend.Losses;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Losses in Java: small next to a network, so in double between load and store. */
final class CpuLosses implements Losses {
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;

  CpuLosses(CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
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
    int k = logits.shape().size(1);
    if (weight != null && weight.shape().elements() != k) {
      throw new IllegalArgumentException(
          "class weights " + weight.shape() + " do not fit " + k + " classes");
    }
    long classes = targets.address();
    try (Tensor w = weight == null ? null : memory.toRowMajor(weight, DType.F32)) {
      long weights = w == null ? 0 : w.address();
      return rows(
          logits,
          reduction,
          r ->
              HardTargets.crossEntropy(
                  r, classes, weights, smoothing, ignoreIndex, reduction == Reduction.MEAN));
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

  private Result soft(
      Tensor logits, Tensor q, float smoothing, boolean lessEntropy, Reduction reduction) {
    if (!logits.shape().equals(q.shape())) {
      throw new IllegalArgumentException(
          "target distributions " + q.shape() + " do not fit logits " + logits.shape());
    }
    try (Tensor qp = memory.toRowMajor(q, DType.F32)) {
      long targets = qp.address();
      return rows(
          logits,
          reduction,
          r -> SoftTargets.run(r, targets, smoothing, lessEntropy, reduction == Reduction.MEAN));
    }
  }

  @Override
  public Result labelSmoothingKl(Tensor logits, Tensor targets, float smoothing) {
    checkTargets(logits, targets);
    long classes = targets.address();
    return rows(logits, Reduction.MEAN, r -> HardTargets.smoothingKl(r, classes, smoothing));
  }

  @Override
  public Tensor scaleGradient(Tensor dlogits, Tensor dloss) {
    Shape s = dlogits.shape();
    long n = s.dim(0);
    long k = s.dim(1);
    Tensor out = memory.empty(DType.F32, s);
    try (Tensor g = memory.toRowMajor(dloss, DType.F32)) {
      long from = dlogits.address();
      long by = g.address();
      long to = out.address();
      boolean each = dloss.shape().rank() == 1;
      queue.run(
          () ->
              parallel.rows(
                  n,
                  k,
                  (a, b) -> {
                    for (long i = a; i < b; i++) {
                      float f = Raw.f32(by, each ? i : 0);
                      for (long j = i * k; j < (i + 1) * k; j++) {
                        Raw.f32(to, j, Raw.f32(from, j) * f);
                      }
                    }
                  }));
    }
    return out;
  }

  /** Fills gradients [n, k] and the loss of each row, already divided as the reduction wants. */
  private interface Kernel {
    void run(LossRows rows);
  }

  private Result rows(Tensor logits, Reduction reduction, Kernel kernel) {
    if (logits.shape().rank() != 2) {
      throw new IllegalArgumentException("logits must be [N, K], not " + logits.shape());
    }
    long n = logits.shape().dim(0);
    int k = logits.shape().size(1);
    Tensor dx = memory.empty(DType.F32, logits.shape());
    Tensor losses = memory.empty(DType.F32, Shape.of(n));
    try (Tensor xp = memory.toRowMajor(logits, DType.F32)) {
      LossRows rows = new LossRows(xp.address(), dx.address(), losses.address(), n, k);
      queue.run(() -> kernel.run(rows));
    }
    if (reduction == Reduction.NONE) {
      return new Result(losses, dx);
    }
    Tensor total = memory.empty(DType.F32, Shape.of());
    try (losses) {
      long from = losses.address();
      long to = total.address();
      queue.run(
          () -> {
            double sum = 0;
            for (long i = 0; i < n; i++) {
              sum += Raw.f32(from, i);
            }
            Raw.f32(to, 0, (float) sum);
          });
    }
    return new Result(total, dx);
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
