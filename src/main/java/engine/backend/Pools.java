package engine.backend;

import engine.tensor.Shape;
import engine.tensor.Tensor;

/** Max, average and adaptive average pooling over the last two axes of [N, C, H, W]. */
public interface Pools {
  /** A result and what the backward needs to find each maximum again (opaque). */
  record Max(Tensor y, Tensor where) implements AutoCloseable {
    @Override
    public void close() {
      y.close();
      where.close();
    }
  }

  /** Padding counts as minus infinity; the first maximum in row-major window order wins a tie. */
  Max max(Tensor x, PoolGeometry g);

  /**
   * The whole gradient of a window goes to its maximum.
   *
   * @param x the forward's input, of which only type, shape and layout are read: it may be closed
   */
  Tensor maxBackward(Tensor dy, Max forward, Tensor x, PoolGeometry g);

  /**
   * The maximum of each cell of {@link #adaptiveAverage}; the first in row-major order wins a tie.
   */
  Max adaptiveMax(Tensor x, int outH, int outW);

  Tensor adaptiveMaxBackward(Tensor dy, Max forward, Tensor x);

  /** I64 row-major: for each output the flat index of its maximum in the H*W plane of the input. */
  Tensor maxIndices(Max forward, Tensor x, PoolGeometry g);

  /**
   * @param countIncludePad whether padding counts in the divisor
   */
  Tensor average(Tensor x, PoolGeometry g, boolean countIncludePad);

  Tensor averageBackward(Tensor dy, Tensor x, PoolGeometry g, boolean countIncludePad);

  /**
   * Output cell o averages inputs floor(o*I/O) to ceil((o+1)*I/O), as PyTorch; 1x1 is the global
   * average.
   */
  Tensor adaptiveAverage(Tensor x, int outH, int outW);

  Tensor adaptiveAverageBackward(Tensor dy, Tensor x);

  /** Result shape of {@link #adaptiveAverage}. */
  static Shape adaptiveShape(Shape x, int outH, int outW) {
    return Shape.of(x.dim(0), x.dim(1), outH, outW);
  }
}
