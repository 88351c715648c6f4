package engine.backend.cuda;

import engine.backend.Normalizations;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Locale;

/**
 * Batch normalisation, sums in fp32. A tensor is a matrix [pixels, channels]: images lie
 * channels-last, and others are brought into that order. A following ReLU leaves a bit an element,
 * U8 [elements / 8 rounded up], which is all that its backward needs.
 */
final class CudaNormalizations implements Normalizations {
  private final CudaMemory memory;
  private final Launcher launch;

  CudaNormalizations(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Trained train(
      Tensor x, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    NormGrid g = new NormGrid(x.shape(), launch);
    try (Tensor in = matrix(x);
        Tensor parts = memory.empty(DType.F32, g.parts())) {
      Tensor mean = memory.empty(DType.F32, Shape.of(g.channels));
      Tensor variance = memory.empty(DType.F32, Shape.of(g.channels));
      kernel("norm_statistics", in).of(in).of(parts).of(g.pixels).of(g.channels).of(g.chunk);
      g.launch();
      launch.kernel("norm_finish").of(parts).of(mean).of(variance);
      launch.of(g.pixels).of(g.channels).of(g.chunk).of(g.count);
      g.launchFinish();
      Tensor mask = relu ? memory.empty(DType.U8, Shape.of((g.elements + 7) / 8)) : null;
      Tensor y = forward(in, x, scale, shift, mean, variance, eps, residual, relu, mask);
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
    try (Tensor in = matrix(x)) {
      return forward(in, x, scale, shift, mean, variance, eps, residual, relu, null);
    }
  }

  private Tensor forward(
      Tensor in,
      Tensor x,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor residual,
      boolean relu,
      Tensor mask) {
    long n = in.shape().elements();
    try (Tensor added = residual == null ? null : matrix(residual, in.dtype());
        Tensor y = memory.emptyLike(in)) {
      kernel("norm_forward", in)
          .of(in)
          .of(scale)
          .of(shift)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(added)
          .of(relu)
          .of(y)
          .of(mask)
          .of(n)
          .of(channels(x))
          .threads((n + 7) / 8);
      return shapedLike(x, y);
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
    Passed passed = new Passed(relu ? saved.workspace() : null, null);
    return backward(
        x, dy, passed, scale, shift, saved.mean(), saved.variance(), eps, hadResidual, false);
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
    try (Tensor out = relu ? matrix(y, x.dtype()) : null) {
      Passed passed = new Passed(null, out);
      return backward(x, dy, passed, scale, shift, mean, variance, eps, hadResidual, true);
    }
  }

  /** What tells where the ReLU let values through: its mask or its results; neither for no ReLU. */
  private record Passed(Tensor mask, Tensor out) {
    boolean all() {
      return mask == null && out == null;
    }
  }

  private Gradients backward(
      Tensor x,
      Tensor dy,
      Passed passed,
      Tensor scale,
      Tensor shift,
      Tensor mean,
      Tensor variance,
      float eps,
      boolean hadResidual,
      boolean fixed) {
    // Before matrix(), which may be a second owner.
    boolean shared = dy.storage().isShared();
    NormGrid g = new NormGrid(x.shape(), launch);
    try (Tensor in = matrix(x);
        Tensor d = matrix(dy, in.dtype());
        Tensor dx = memory.emptyLike(in);
        Tensor dresidual = hadResidual ? behindRelu(d, dy, passed, shared) : null) {
      Tensor dshift = memory.empty(DType.F32, Shape.of(g.channels));
      Tensor dscale = memory.empty(DType.F32, Shape.of(g.channels));
      sums(g, in, d, passed, mean, variance, eps, dshift, dscale);
      kernel("norm_backward", in)
          .of(in)
          .of(d)
          .of(passed.mask)
          .of(passed.out)
          .of(scale)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(dshift)
          .of(dscale)
          .of(fixed)
          .of(dx)
          .of(passed.all() ? null : dresidual)
          .of(g.elements)
          .of(g.channels)
          .threads((g.elements + 7) / 8);
      return new Gradients(
          shapedLike(x, dx),
          keepIf(scale, dscale),
          keepIf(shift, dshift),
          hadResidual ? shapedLike(x, dresidual) : null);
    }
  }

  private void sums(
      NormGrid g,
      Tensor in,
      Tensor d,
      Passed passed,
      Tensor mean,
      Tensor variance,
      float eps,
      Tensor dshift,
      Tensor dscale) {
    try (Tensor parts = memory.empty(DType.F32, g.parts())) {
      kernel("norm_gradients", in)
          .of(in)
          .of(d)
          .of(passed.mask)
          .of(passed.out)
          .of(mean)
          .of(variance)
          .of(eps)
          .of(parts)
          .of(g.pixels)
          .of(g.channels)
          .of(g.chunk);
      g.launch();
      launch.kernel("norm_gradients_finish").of(parts).of(dshift).of(dscale);
      launch.of(g.channels).of(g.count);
      g.launchFinish();
    }
  }

  /**
   * Where the gradient behind the ReLU goes, which is that of the residual: over {@code d} if
   * nothing else reads it.
   *
   * @param d dy itself, or a copy of our own
   */
  private Tensor behindRelu(Tensor d, Tensor dy, Passed passed, boolean shared) {
    boolean another = !passed.all() && shared && d.storage() == dy.storage();
    return another ? memory.emptyLike(d) : d.retain();
  }

  private static Tensor keepIf(Tensor parameter, Tensor gradient) {
    if (parameter != null) {
      return gradient;
    }
    gradient.close();
    return null;
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

  private Launcher kernel(String name, Tensor in) {
    return launch.kernel(name + "_" + in.dtype().name().toLowerCase(Locale.ROOT));
  }

  private static int channels(Tensor x) {
    return x.shape().size(1);
  }

  private Tensor matrix(Tensor x) {
    return matrix(x, x.dtype());
  }

  /** [N, C, ...] with the channels innermost in memory; ranks other than 2 as [N, C, H, W]. */
  private Tensor matrix(Tensor x, DType type) {
    Shape s = x.shape();
    if (s.rank() == 2) {
      return memory.cast(x, type);
    }
    if (s.rank() == 4) {
      return memory.toChannelsLast(x, type);
    }
    long size = s.elements() == 0 ? 0 : s.elements() / s.dim(0) / s.dim(1);
    try (Tensor images = x.reshape(Shape.of(s.dim(0), s.dim(1), size, 1))) {
      return memory.toChannelsLast(images, type);
    }
  }

  /** The values of a {@link #matrix} in the shape of {@code x}. */
  private Tensor shapedLike(Tensor x, Tensor matrix) {
    if (matrix.shape().equals(x.shape())) {
      return matrix.retain();
    }
    try (Tensor plain = memory.toRowMajor(matrix, matrix.dtype())) {
      return plain.reshape(x.shape());
    }
  }
}
