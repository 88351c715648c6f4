package engine.backend.cuda.ops;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import engine.backend.Normalizations;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
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
  public Trained train(Tensor x, Sums sums, Affine norm, After after, Running running) {
    NormGrid g = new NormGrid(x.shape(), launch);
    try (Tensor in = matrix(x)) {
      Statistics batch = statistics(x);
      if (sums == null) {
        take(batch, g, in, running);
      } else {
        fromSums(x, sums, norm, new Saved(batch, null), running);
      }
      Tensor mask = after.relu() ? memory.empty(DType.U8, Shape.of((g.elements + 7) / 8)) : null;
      return new Trained(forward(in, x, norm, batch, after, mask), new Saved(batch, mask));
    }
  }

  private Statistics statistics(Tensor x) {
    return new Statistics(perChannel(x, DType.F32), perChannel(x, DType.F32));
  }

  private void take(Statistics to, NormGrid g, Tensor in, Running running) {
    try (Tensor parts = memory.empty(DType.F32, g.parts());
        Arena arena = Arena.ofConfined()) {
      kernel("norm_statistics", in).of(in).of(parts).of(g.pixels).of(g.channels).of(g.chunk);
      g.launch();
      launch.kernel("norm_finish").of(parts).of(to.mean()).of(to.variance());
      launch.of(g.pixels).of(g.channels).of(g.chunk).of(g.count);
      launch.of(struct(arena, running, g.pixels));
      g.launchFinish();
    }
  }

  /** {@code struct Running} of cuda/batch_norm.cu. */
  private static MemorySegment struct(Arena arena, Running running, long values) {
    MemorySegment s = arena.allocate(32, 8);
    if (running != null) {
      s.setAtIndex(JAVA_LONG, 0, running.statistics().mean().address());
      s.setAtIndex(JAVA_LONG, 1, running.statistics().variance().address());
      s.setAtIndex(JAVA_LONG, 2, running.batches() == null ? 0 : running.batches().address());
      s.setAtIndex(JAVA_FLOAT, 6, running.momentum());
      s.setAtIndex(JAVA_FLOAT, 7, Running.unbiased(values));
    }
    return s;
  }

  private void fromSums(Tensor x, Sums sums, Affine norm, Saved to, Running running) {
    Deferred line = to.deferred();
    long values = x.shape().elements() / x.shape().dim(1);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment moved = struct(arena, running, values);
      launch
          .kernel("norm_from_sums")
          .of(sums.sum())
          .of(sums.squares())
          .of(norm.scale())
          .of(norm.shift())
          .of(norm.eps())
          .of(values)
          .of(to.batch().mean())
          .of(to.batch().variance())
          .of(line == null ? null : line.factor())
          .of(line == null ? null : line.offset())
          .of(channels(x))
          .of(moved)
          .threads(channels(x));
    }
  }

  /** For fp16, which cuDNN normalises as it reads it for forward and filters' gradient. */
  @Override
  public Saved defer(Tensor x, Sums sums, Affine norm, Running running) {
    if (x.dtype() != DType.F16 || x.shape().rank() != 4) {
      return null;
    }
    Deferred line = new Deferred(x, perChannel(x, DType.F16), perChannel(x, DType.F16));
    Saved saved = new Saved(statistics(x), null, line);
    fromSums(x, sums, norm, saved, running);
    return saved;
  }

  private Tensor perChannel(Tensor x, DType type) {
    return memory.empty(type, Shape.of(x.shape().dim(1)));
  }

  @Override
  public Tensor infer(Tensor x, Affine norm, Statistics fixed, After after) {
    try (Tensor in = matrix(x)) {
      return forward(in, x, norm, fixed, after, null);
    }
  }

  private Tensor forward(Tensor in, Tensor x, Affine norm, Statistics s, After after, Tensor mask) {
    long n = in.shape().elements();
    Tensor residual = after.residual();
    try (Tensor added = residual == null ? null : matrix(residual, in.dtype());
        Tensor y = memory.emptyLike(in)) {
      kernel("norm_forward", in)
          .of(in)
          .of(norm.scale())
          .of(norm.shift())
          .of(s.mean())
          .of(s.variance())
          .of(norm.eps())
          .of(added)
          .of(after.relu())
          .of(y)
          .of(mask)
          .of(n)
          .of(channels(x))
          .threads((n + 7) / 8);
      return shapedLike(x, y);
    }
  }

  @Override
  public Gradients backwardInPlace(Tensor x, Tensor dy, Result result, Affine norm, Saved saved) {
    Tensor mask = result.relu() ? saved.workspace() : null;
    var passed = new Passed(mask, null, saved.deferred(), result.residual(), false);
    return backward(x, dy, passed, norm, saved.batch());
  }

  @Override
  public Gradients inferBackwardInPlace(
      Tensor x, Tensor dy, Result result, Affine norm, Statistics fixed) {
    try (Tensor out = result.relu() ? matrix(result.y(), x.dtype()) : null) {
      return backward(x, dy, new Passed(null, out, null, result.residual(), true), norm, fixed);
    }
  }

  /**
   * The forward as the kernels of the backward see it. What tells where the ReLU let values through
   * is its mask or its results, or the norm that comes before it again; none of them for no ReLU.
   *
   * @param residual whether one was added
   * @param fixed whether the statistics are constants
   */
  private record Passed(Tensor mask, Tensor out, Deferred line, boolean residual, boolean fixed) {
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

  private Gradients backward(Tensor x, Tensor dy, Passed passed, Affine norm, Statistics s) {
    // Before matrix(), which may be a second owner.
    boolean shared = dy.storage().isShared();
    NormGrid g = new NormGrid(x.shape(), launch);
    try (Tensor in = matrix(x);
        Tensor d = matrix(dy, in.dtype());
        Tensor dx = memory.emptyLike(in);
        Tensor dresidual = passed.residual ? behindRelu(d, dy, passed, shared) : null) {
      OfChannels sums = sums(g, in, d, passed, norm, s);
      try (Tensor line = sums.line) {
        passed.into(kernel(passed.kernel("norm_backward"), in).of(in).of(d)).of(line);
        if (passed.line == null) {
          launch.of(passed.fixed).of(dx).of(passed.all() ? null : dresidual);
        } else {
          launch.of(dx); // a batch's own statistics, and no residual
        }
        launch.of(g.elements).of(g.channels).threads((g.elements + 3) / 4);
      }
      return new Gradients(
          shapedLike(x, dx),
          keepIf(norm.scale(), sums.scale),
          keepIf(norm.shift(), sums.shift),
          passed.residual ? shapedLike(x, dresidual) : null);
    }
  }

  /**
   * The gradients of shift and scale.
   *
   * @param line [3, C]: a, b and c of {@code dx = a * dy + b * x + c}
   */
  private record OfChannels(Tensor shift, Tensor scale, Tensor line) {}

  private OfChannels sums(
      NormGrid g, Tensor in, Tensor d, Passed passed, Affine norm, Statistics s) {
    Shape channels = Shape.of(g.channels);
    var to =
        new OfChannels(
            memory.empty(DType.F32, channels),
            memory.empty(DType.F32, channels),
            memory.empty(DType.F32, Shape.of(3, g.channels)));
    try (Tensor parts = memory.empty(DType.F32, g.partsOfGroups());
        Arena arena = Arena.ofConfined()) {
      passed.into(kernel(passed.kernel("norm_gradients"), in).of(in).of(d));
      launch
          .of(lines(arena, g, passed, norm, s, to.line))
          .of(parts)
          .of(memory.arrivals(g.arrivals()))
          .of(to.shift)
          .of(to.scale)
          .of(g.channels)
          .of(g.chunk);
      g.launch();
    }
    return to;
  }

  /** {@code struct Lines} of cuda/batch_norm.cu. */
  private static MemorySegment lines(
      Arena arena, NormGrid g, Passed passed, Affine norm, Statistics s, Tensor to) {
    MemorySegment struct = arena.allocate(48, 8);
    struct.setAtIndex(JAVA_LONG, 0, norm.scale() == null ? 0 : norm.scale().address());
    struct.setAtIndex(JAVA_LONG, 1, s.mean().address());
    struct.setAtIndex(JAVA_LONG, 2, s.variance().address());
    struct.setAtIndex(JAVA_FLOAT, 6, norm.eps());
    struct.setAtIndex(JAVA_INT, 7, passed.fixed ? 1 : 0);
    struct.setAtIndex(JAVA_LONG, 4, g.pixels);
    struct.setAtIndex(JAVA_LONG, 5, to.address());
    return struct;
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
