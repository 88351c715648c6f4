package engine.backend.cuda.ops;

import engine.backend.Axes;
import engine.backend.LayerNorms;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Locale;

/** Layer normalisation, sums in fp32, on rows that lie together: images lie channels-last. */
public final class CudaLayerNorms implements LayerNorms {
  private static final int WARP = 32;

  /** Rows of threads in a block of {@code layer_norm_gradients}. */
  private static final int ROWS = 8;

  /** Rows a thread, at least: fewer would cost more in the sum of the blocks' parts. */
  private static final int ROWS_EACH = 16;

  private static final int[] FIRST_AXIS = {0};

  private final CudaMemory memory;
  private final Launcher launch;
  private final CudaReductions reductions;

  public CudaLayerNorms(CudaMemory memory, Launcher launch, CudaReductions reductions) {
    this.memory = memory;
    this.launch = launch;
    this.reductions = reductions;
  }

  @Override
  public Normalized forward(Tensor x, Tensor scale, Tensor shift, int axis, float eps) {
    long n = length(x, axis);
    long rows = x.shape().elements() / n;
    Tensor mean = memory.empty(DType.F32, Shape.of(rows));
    Tensor rstd = memory.empty(DType.F32, Shape.of(rows));
    try (Tensor in = rows(x, axis, x.dtype())) {
      Tensor y = memory.emptyLike(in);
      kernel("layer_norm", in)
          .of(in)
          .of(scale)
          .of(shift)
          .of(eps)
          .of(y)
          .of(mean)
          .of(rstd)
          .of(rows)
          .of(n)
          .warps(rows);
      return new Normalized(y, new Saved(mean, rstd));
    }
  }

  @Override
  public Gradients backward(Tensor dy, Tensor x, Tensor scale, Saved saved, int axis) {
    long n = length(x, axis);
    long rows = x.shape().elements() / n;
    try (Tensor in = rows(x, axis, x.dtype());
        Tensor d = rows(dy, axis, x.dtype());
        Tensor dx = memory.emptyLike(in)) {
      kernel("layer_norm_backward", in)
          .of(in)
          .of(d)
          .of(scale)
          .of(saved.mean())
          .of(saved.rstd())
          .of(dx)
          .of(rows)
          .of(n)
          .warps(rows);
      return gradients(in, d, memory.toLayoutOf(dx, x), saved, n);
    }
  }

  /** Blocks share the rows, {@code chunk} each; their parts are added in one more pass. */
  private Gradients gradients(Tensor in, Tensor d, Tensor dx, Saved saved, long n) {
    long rows = in.shape().elements() / n;
    int across = Math.toIntExact((n + WARP - 1) / WARP);
    long wanted = Math.max(1, launch.blocks(rows * across, ROWS * ROWS_EACH) / across);
    long chunk = Math.max(1, (rows + wanted - 1) / wanted);
    int count = (int) Math.max(1, (rows + chunk - 1) / chunk);
    try (Tensor scales = memory.empty(DType.F32, Shape.of(count, n));
        Tensor shifts = memory.empty(DType.F32, Shape.of(count, n))) {
      kernel("layer_norm_gradients", in)
          .of(in)
          .of(d)
          .of(saved.mean())
          .of(saved.rstd())
          .of(scales)
          .of(shifts)
          .of(rows)
          .of(n)
          .of(chunk)
          .grid(across, count, 1, WARP, ROWS);
      return new Gradients(
          dx, reductions.sum(scales, FIRST_AXIS, false), reductions.sum(shifts, FIRST_AXIS, false));
    }
  }

  private Launcher kernel(String name, Tensor in) {
    return launch.kernel(name + "_" + in.dtype().name().toLowerCase(Locale.ROOT));
  }

  private static long length(Tensor x, int axis) {
    return Math.max(1, x.shape().dim(Axes.axis(x.shape().rank(), axis)));
  }

  /** The values along the axis next to each other. */
  private Tensor rows(Tensor x, int axis, DType type) {
    return LayerNorms.alongChannels(x.shape(), axis)
        ? memory.toChannelsLast(x, type)
        : memory.toRowMajor(x, type);
  }
}
