package engine.backend.cuda;

import engine.backend.Normalizations;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * Batch normalisation in fp32 on row-major tensors. A following ReLU leaves a bit an element, I32
 * [elements / 32 rounded up], which is all that its backward needs.
 */
final class CudaNormalizations implements Normalizations {
  private static final int BLOCK = 256;

  private final CudaMemory memory;
  private final Launcher launch;

  CudaNormalizations(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Trained train(
      Tensor x, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    Extent e = new Extent(x.shape());
    try (Tensor wide = memory.toRowMajor(x, DType.F32)) {
      Tensor mean = memory.empty(DType.F32, Shape.of(e.channels));
      Tensor variance = memory.empty(DType.F32, Shape.of(e.channels));
      launch
          .kernel("norm_statistics")
          .of(wide)
          .of(mean)
          .of(variance)
          .of(e.n)
          .of(e.channels)
          .of(e.size)
          .grid(e.channels, 1, BLOCK);
      Tensor mask = relu ? memory.empty(DType.I32, Shape.of((e.elements + 31) / 32)) : null;
      Tensor y =
          forward(e, wide, x.dtype(), scale, shift, mean, variance, eps, residual, relu, mask);
      return new Trained(y, new Saved(mean, variance, mask));
    }
  }

  @Override
  public Tensor infer(
      Tensor x,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor residual,
      boolean relu) {
    try (Tensor wide = memory.toRowMajor(x, DType.F32)) {
      Extent e = new Extent(x.shape());
      return forward(e, wide, x.dtype(), scale, shift, mean, variance, eps, residual, relu, null);
    }
  }

  private Tensor forward(
      Extent e,
      Tensor x,
      DType type,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor residual,
      boolean relu,
      Tensor mask) {
    try (Tensor y = memory.empty(DType.F32, x.shape());
        Tensor r = residual == null ? null : memory.toRowMajor(residual, DType.F32)) {
      launch
          .kernel("norm_forward")
          .of(x)
          .of(scale)
          .of(shift)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(r)
          .of(relu)
          .of(y)
          .of(mask)
          .of(e.elements)
          .of(e.channels)
          .of(e.size)
          .threads(e.elements);
      return memory.cast(y, type);
    }
  }

  @Override
  public Gradients backwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Saved saved,
      float eps,
      boolean hadResidual,
      boolean relu) {
    long n = dy.shape().elements();
    boolean shared = dy.storage().isShared();
    try (Tensor wide = memory.toRowMajor(dy, DType.F32);
        Tensor g = relu ? overwritable(shared, dy, wide) : wide.retain()) {
      if (relu) {
        launch.kernel("relu_mask_backward").of(wide).of(saved.workspace()).of(g).of(n).threads(n);
      }
      return backward(x, g, scale, shift, saved.mean(), saved.variance(), eps, hadResidual, false);
    }
  }

  @Override
  public Gradients inferBackwardInPlace(
      Tensor x,
      Tensor dy,
      Tensor y,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean hadResidual,
      boolean relu) {
    long n = dy.shape().elements();
    boolean shared = dy.storage().isShared();
    try (Tensor wide = memory.toRowMajor(dy, DType.F32);
        Tensor g = relu ? overwritable(shared, dy, wide) : wide.retain();
        Tensor out = relu ? memory.toRowMajor(y, DType.F32) : null) {
      if (relu) {
        launch.kernel("relu_backward").of(out).of(wide).of(g).of(n).threads((n + 3) / 4);
      }
      return backward(x, g, scale, shift, mean, variance, eps, hadResidual, true);
    }
  }

  /**
   * Where the gradient behind the ReLU may go: over {@code dy} if nothing else reads it, else to a
   * new tensor.
   *
   * @param shared whether dy has another reader
   * @param wide dy as F32: dy itself, or a copy of our own
   */
  private Tensor overwritable(boolean shared, Tensor dy, Tensor wide) {
    return shared && wide.storage() == dy.storage() ? memory.emptyLike(wide) : wide.retain();
  }

  private Gradients backward(
      Tensor x,
      Tensor g,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean hadResidual,
      boolean fixed) {
    Extent e = new Extent(x.shape());
    try (Tensor wide = memory.toRowMajor(x, DType.F32);
        Tensor dx = memory.empty(DType.F32, x.shape())) {
      Tensor dshift = memory.empty(DType.F32, Shape.of(e.channels));
      Tensor dscale = memory.empty(DType.F32, Shape.of(e.channels));
      launch
          .kernel("norm_gradients")
          .of(wide)
          .of(g)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(dshift)
          .of(dscale)
          .of(e.n)
          .of(e.channels)
          .of(e.size)
          .grid(e.channels, 1, BLOCK);
      launch
          .kernel("norm_backward")
          .of(wide)
          .of(g)
          .of(scale)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(dshift)
          .of(dscale)
          .of(fixed)
          .of(dx)
          .of(e.elements)
          .of(e.channels)
          .of(e.size)
          .threads(e.elements);
      if (scale == null) {
        dscale.close();
      }
      if (shift == null) {
        dshift.close();
      }
      return new Gradients(
          memory.cast(dx, x.dtype()),
          scale == null ? null : dscale,
          shift == null ? null : dshift,
          hadResidual ? memory.cast(g, x.dtype()) : null);
    }
  }

  @Override
  public void updateRunningInPlace(
      Tensor runningMean, Tensor runningVariance, Saved batch, float momentum, long n) {
    int channels = runningMean.shape().size(0);
    launch
        .kernel("norm_update_running")
        .of(runningMean)
        .of(runningVariance)
        .of(batch.mean())
        .of(batch.variance())
        .of(momentum)
        .of(n > 1 ? (float) n / (n - 1) : Float.NaN)
        .of(channels)
        .threads(channels);
  }

  /** A tensor as [n, channels, size]. */
  private static final class Extent {
    final long n;
    final int channels;
    final long size;
    final long elements;

    Extent(Shape s) {
      if (s.rank() < 2) {
        throw new IllegalArgumentException("batch norm takes [N, C] or [N, C, ...], not " + s);
      }
      n = s.dim(0);
      channels = s.size(1);
      elements = s.elements();
      size = n * channels == 0 ? 0 : elements / n / channels;
    }
  }
}
