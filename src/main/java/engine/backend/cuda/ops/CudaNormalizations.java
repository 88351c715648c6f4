package engine.backend.cuda.ops;

import engine.backend.Normalizations;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Locale;

/**
 * Batch normalisation, sums in fp32. A tensor is a matrix [pixels, channels]: images lie
 * channels-last, and others are brought into that order. A following ReLU leaves a bit an element,
 * U8 [elements / 8 rounded up], which is all that its backward needs; one that is deferred leaves
 * nothing, and is done again.
 */
public final class CudaNormalizations implements Normalizations {
  private final CudaMemory memory;
  private final Launcher launch;

  public CudaNormalizations(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  @Override
  public Trained train(
      Tensor x, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    return train(x, null, scale, shift, eps, residual, relu);
  }

  @Override
  public Trained train(
      Tensor x, Sums sums, Tensor scale, Tensor shift, float eps, Tensor residual, boolean relu) {
    NormGrid g = new NormGrid(x.shape(), launch);
    try (Tensor in = matrix(x)) {
      Tensor mean = perChannel(x, DType.F32);
      Tensor variance = perChannel(x, DType.F32);
      if (sums == null) {
        statistics(g, in, mean, variance);
      } else {
        fromSums(x, sums, scale, shift, eps, new Saved(mean, variance, null));
      }
      Tensor mask = relu ? memory.empty(DType.U8, Shape.of((g.elements + 7) / 8)) : null;
      Tensor y = forward(in, x, scale, shift, mean, variance, eps, residual, relu, mask);
      return new Trained(y, new Saved(mean, variance, mask));
    }
  }

  private void statistics(NormGrid g, Tensor in, Tensor mean, Tensor variance) {
    try (Tensor parts = memory.empty(DType.F32, g.parts())) {
      kernel("norm_statistics", in).of(in).of(parts).of(g.pixels).of(g.channels).of(g.chunk);
      g.launch();
      launch.kernel("norm_finish").of(parts).of(mean).of(variance);
      launch.of(g.pixels).of(g.channels).of(g.chunk).of(g.count);
      g.launchFinish();
    }
  }

  private void fromSums(Tensor x, Sums sums, Tensor scale, Tensor shift, float eps, Saved to) {
    Deferred line = to.deferred();
    launch
        .kernel("norm_from_sums")
        .of(sums.sum())
        .of(sums.squares())
        .of(scale)
        .of(shift)
        .of(eps)
        .of(x.shape().elements() / x.shape().dim(1))
        .of(to.mean())
        .of(to.variance())
        .of(line == null ? null : line.factor())
        .of(line == null ? null : line.offset())
        .of(channels(x))
        .threads(channels(x));
  }

  /** For fp16, which cuDNN normalises as it reads it for forward and filters' gradient. */
  @Override
  public Saved defer(Tensor x, Sums sums, Tensor scale, Tensor shift, float eps) {
    if (x.dtype() != DType.F16 || x.shape().rank() != 4) {
      return null;
    }
    Deferred line = new Deferred(x, perChannel(x, DType.F16), perChannel(x, DType.F16));
    Saved saved = new Saved(perChannel(x, DType.F32), perChannel(x, DType.F32), null, line);
    fromSums(x, sums, scale, shift, eps, saved);
    return saved;
  }

  private Tensor perChannel(Tensor x, DType type) {
    return memory.empty(type, Shape.of(x.shape().dim(1)));
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
    Passed passed = new Passed(relu ? saved.workspace() : null, null, saved.deferred());
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
      Passed passed = new Passed(null, out, null);
      return backward(x, dy, passed, scale, shift, mean, variance, eps, hadResidual, true);
    }
  }

  /**
   * What tells where the ReLU let values through: its mask or its results, or the norm that comes
   * before it again; none of them for no ReLU.
   */
  private record Passed(Tensor mask, Tensor out, Deferred line) {
    boolean all() {
      return mask == null && out == null && line == null;
    }

    /** The kernel of a family that asks it. */
    String kernel(String family) {
      return line == null ? family : family + "_line";
    }

    /** Its two arguments. */
    Launcher into(Launcher launch) {
      return line == null ? launch.of(mask).of(out) : launch.of(line.factor()).of(line.offset());
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
      passed.into(kernel(passed.kernel("norm_backward"), in).of(in).of(d));
      launch.of(scale).of(mean).of(variance).of(eps).of(dshift).of(dscale);
      if (passed.line == null) {
        launch.of(fixed).of(dx).of(passed.all() ? null : dresidual);
      } else {
        launch.of(dx); // a batch's own statistics, and no residual
      }
      launch.of(g.elements).of(g.channels).threads((g.elements + 7) / 8);
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
      passed.into(kernel(passed.kernel("norm_gradients"), in).of(in).of(d));
      launch.of(mean).of(variance).of(eps).of(parts).of(g.pixels).of(g.channels).of(g.chunk);
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
