package engine.backend.cuda.ops;

import engine.backend.Quantizers;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.base.Setting;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Ranges and rounding, by the kernels of {@code cuda/fake_quant.cu}. */
public final class CudaQuantizers implements Quantizers {
  private static final int BLOCK = 256;

  /** Elements that a thread of a shared channel looks at, at least. */
  private static final int EACH = 16;

  private final CudaMemory memory;
  private final Launcher launch;

  public CudaQuantizers(CudaMemory memory, Launcher launch) {
    this.memory = memory;
    this.launch = launch;
  }

  /** A tensor as [outer, count, inner] around its channels. */
  private record Channels(long outer, int count, long inner) {
    static Channels of(Tensor x, int axis) {
      if (axis < 0) {
        return new Channels(1, 1, x.shape().elements());
      }
      int count = x.shape().size(axis);
      long inner = ChannelsLast.strides(x.shape(), x.layout())[axis];
      return new Channels(
          count * inner == 0 ? 0 : x.shape().elements() / count / inner, count, inner);
    }

    /** Values a channel. */
    long values() {
      return outer * inner;
    }
  }

  @Override
  public void observeInPlace(
      Tensor x, int axis, Tensor factor, Tensor min, Tensor max, float averaging) {
    requireFloats(x);
    Channels ch = Channels.of(x, axis);
    int parts = parts(ch);
    try (Tensor ranges = memory.empty(DType.F32, Shape.of(ch.count, parts, 2))) {
      launch.kernel("observe").of(x).of(ranges);
      place(ch).grid(parts, ch.count, BLOCK);
      launch
          .kernel("observe_finish")
          .of(ranges)
          .of(parts)
          .of(factor)
          .of(min)
          .of(max)
          .of(averaging)
          .of(ch.count)
          .threads(ch.count);
    }
  }

  @Override
  public void qparamsInPlace(
      Tensor min, Tensor max, Scheme scheme, int qmin, int qmax, Tensor scale, Tensor zeroPoint) {
    int n = Math.toIntExact(scale.shape().elements());
    launch
        .kernel("quant_parameters")
        .of(min)
        .of(max)
        .of(
            switch (scheme) {
              case AFFINE -> 0;
              case SYMMETRIC -> 1;
              case SYMMETRIC_ENDS -> 2;
            })
        .of(qmin)
        .of(qmax)
        .of(scale)
        .of(zeroPoint)
        .of(n)
        .threads(n);
  }

  @Override
  public Tensor fakeQuantize(Tensor x, Tensor factor, QuantRange grid) {
    requireFloats(x);
    Tensor y = memory.emptyLike(x);
    long n = x.shape().elements();
    Channels ch = Channels.of(x, grid.axis());
    if (grid.axis() < 0 && factor == null) {
      launch.kernel("fake_quant").of(x);
      grid(grid).of(y).of(n).threads((n + 3) / 4);
    } else {
      launch.kernel("fake_quant_channels").of(x).of(factor);
      grid(grid).of(y).of(n).of(ch.count).of(ch.inner).threads(n);
    }
    return y;
  }

  @Override
  public Tensor fakeQuantizeBackward(Tensor dy, Tensor x, Tensor factor, QuantRange grid) {
    Tensor dx = memory.emptyLike(x);
    long n = x.shape().elements();
    Channels ch = Channels.of(x, grid.axis());
    try (Tensor d = memory.toLayoutOf(dy, x)) {
      launch.kernel("fake_quant_backward").of(d).of(x).of(factor);
      grid(grid).of(dx).of(n).of(ch.count).of(ch.inner).threads(n);
    }
    return dx;
  }

  @Override
  public Tensor roundingGradient(Tensor dy, Tensor x, Tensor factor, QuantRange grid) {
    Channels ch = Channels.of(x, grid.axis());
    int parts = parts(ch);
    Tensor out = memory.empty(DType.F32, Shape.of(ch.count));
    try (Tensor d = memory.toLayoutOf(dy, x);
        Tensor sums = memory.empty(DType.F64, Shape.of(ch.count, parts))) {
      launch.kernel("rounding_gradient").of(d).of(x).of(factor);
      grid(grid).of(sums);
      place(ch).grid(parts, ch.count, BLOCK);
      launch
          .kernel("rounding_gradient_finish")
          .of(sums)
          .of(parts)
          .of(out)
          .of(ch.count)
          .threads(ch.count);
    }
    return out;
  }

  @Override
  public void normFactorInPlace(Tensor gamma, Tensor variance, float eps, Tensor factor) {
    int n = Math.toIntExact(factor.shape().elements());
    launch.kernel("norm_factor").of(gamma).of(variance).of(eps).of(factor).of(n).threads(n);
  }

  /** A GPU's products of bytes are summed in 32 bits. */
  @Override
  public int weightBits() {
    return 8;
  }

  /** Blocks that share a channel. */
  private int parts(Channels ch) {
    return Math.max(1, launch.blocks(ch.values(), BLOCK * EACH) / Math.max(1, ch.count));
  }

  private Launcher place(Channels ch) {
    return launch.of(ch.outer).of(ch.count).of(ch.inner);
  }

  private Launcher grid(QuantRange g) {
    return launch.of(g.scale()).of(g.zeroPoint()).of(g.qmin()).of(g.qmax());
  }

  private static void requireFloats(Tensor x) {
    if (x.dtype() != DType.F32) {
      throw new IllegalArgumentException(
          "only fp32 is quantised, not " + x + ": use " + Setting.PRECISION + " fp32");
    }
  }
}
