package engine.backend.cpu;

import engine.backend.Conv2dGeometry;
import engine.backend.cpu.dnnl.Args;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.DnnlContext;
import engine.backend.cpu.dnnl.Md;
import engine.backend.cpu.dnnl.Primitive;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.ffi.Dnnl;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.function.IntConsumer;

/**
 * 3x3 convolutions for inference in fp32 by Winograd's F(4x4, 3x3): a quarter of the
 * multiplications, which oneDNN does as 36 matrix products, between two transforms in Java. Images
 * pass in panels of some rows of tiles that stay in the caches.
 *
 * <p>Results differ from the definition's by rounding alone, about 1e-5 of the largest.
 */
final class WinogradConvolution {
  /** Transformed filters: 36 matrices [C, O], as a product wants them. */
  private record Transformed(Md md) implements Layout {
    @Override
    public String toString() {
      return "Winograd F(4x4, 3x3)";
    }
  }

  private record Key(String what, Md a, Md b) {}

  /** Below this many channels a product is too thin, and below so many tiles too flat. */
  private static final int LEAST_CHANNELS = 64;

  private static final int LEAST_TILES = 9;

  /** Bytes of a panel's matrices a thread: as much as a second-level cache has. */
  private static final long PANEL = 2L << 20;

  private static final int MATRICES = WinogradTiles.MATRICES;

  /** G of the paper, [6, 3]: filters along one axis. */
  private static final double[][] FILTER = {
    {1 / 4.0, 0, 0},
    {-1 / 6.0, -1 / 6.0, -1 / 6.0},
    {-1 / 6.0, 1 / 6.0, -1 / 6.0},
    {1 / 24.0, 1 / 12.0, 1 / 6.0},
    {1 / 24.0, -1 / 12.0, 1 / 6.0},
    {0, 0, 1}
  };

  private final DnnlContext dnnl;
  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;
  private boolean leftOut;

  WinogradConvolution(DnnlContext dnnl, CpuMemory memory, CpuQueue queue, Parallel parallel) {
    this.dnnl = dnnl;
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
  }

  /**
   * Suits no layer from now on: transformed filters are four times as large, and to make them takes
   * as long as a few answers of the whole network.
   */
  void leaveOut() {
    leftOut = true;
  }

  /** Whether it is the faster way for a layer. */
  boolean suits(Shape x, DType type, Shape w, Conv2dGeometry g) {
    return !leftOut
        && type == DType.F32
        && dnnl.mds.wide()
        && g.equals(new Conv2dGeometry(1, 1, 1, 1, 1, 1, 1))
        && w.dim(2) == 3
        && w.dim(3) == 3
        && Math.min(w.dim(0), w.dim(1)) >= LEAST_CHANNELS
        && tiles(x.dim(2)) * tiles(x.dim(3)) >= LEAST_TILES;
  }

  private static long tiles(long side) {
    return (side + 3) / 4;
  }

  /** Whether filters were transformed, so that only {@link #inferInPlace} can read them. */
  static boolean isTransformed(Tensor w) {
    return w.layout() instanceof Transformed;
  }

  /**
   * Transforms filters: 9 numbers become 36, by one product.
   *
   * @param w [O, C, 3, 3]
   * @param x shape of the images, for which the order of the matrices is chosen
   */
  Tensor place(Tensor w, Shape x) {
    int out = w.shape().size(0);
    int in = w.shape().size(1);
    Shape matrices = Shape.of(MATRICES, in, out);
    Panels p = new Panels(x, in, out);
    Md any = dnnl.mds.any(matrices, DType.F32);
    Md packed = product(p.a(p.most), any, p.d(p.most)).weights();
    Tensor placed = memory.empty(packed, matrices);
    try (Tensor factors = memory.upload(factors());
        Tensor filters = memory.toRowMajor(w, DType.F32);
        Tensor plain = memory.empty(DType.F32, Shape.of(MATRICES, (long) out * in))) {
      Md ninth = dnnl.mds.transposed(Shape.of(9, (long) out * in), DType.F32);
      Md fMd = dnnl.mds.of(factors);
      Md plainMd = dnnl.mds.of(plain);
      dnnl.execute(
          product(fMd, ninth, plainMd),
          new Args()
              .add(Dnnl.DNNL_ARG_SRC, fMd, factors)
              .add(Dnnl.DNNL_ARG_WEIGHTS, ninth, filters)
              .add(Dnnl.DNNL_ARG_DST, plainMd, plain));
      Md turned = dnnl.mds.transposed(matrices, DType.F32);
      memory.copyInPlace(new Tensor(DType.F32, matrices, turned, plain.storage()), placed);
    }
    return new Tensor(DType.F32, w.shape(), new Transformed(packed), placed.storage());
  }

  /** G x G: [36, 9]. */
  private static HostTensor factors() {
    float[] all = new float[MATRICES * 9];
    for (int i = 0; i < MATRICES; i++) {
      for (int j = 0; j < 9; j++) {
        all[i * 9 + j] = (float) (FILTER[i / 6][j / 3] * FILTER[i % 6][j % 3]);
      }
    }
    return HostTensor.of(all, MATRICES, 9);
  }

  /** As {@code Convolutions.inferInPlace}, with filters from {@link #place}. */
  Tensor inferInPlace(Tensor x, Tensor w, Tensor bias, Tensor residual, boolean relu) {
    int in = w.shape().size(1);
    int out = w.shape().size(0);
    Md xMd = dnnl.mds.channelsLast(x.shape(), DType.F32);
    Md yMd = dnnl.mds.channelsLast(x.shape().with(1, out), DType.F32);
    Md filters = ((Transformed) w.layout()).md();
    Tensor y = residual == null ? memory.empty(yMd) : memory.to(residual, yMd);
    Panels p = new Panels(x.shape(), in, out);
    try (Tensor images = memory.to(x, xMd);
        Tensor v = memory.empty(p.a(p.most));
        Tensor m = memory.empty(p.d(p.most))) {
      WinogradTiles.Result result =
          new WinogradTiles.Result(y.address(), p.out, bias.address(), residual != null, relu);
      for (int row = 0; row < p.tiles.rows(); row += p.most) {
        int rows = Math.min(p.most, p.tiles.rows() - row);
        p.input(images.address(), row, rows, v.address());
        dnnl.execute(
            product(p.a(rows), filters, p.d(rows)),
            new Args()
                .add(Dnnl.DNNL_ARG_SRC, p.a(rows), v)
                .add(Dnnl.DNNL_ARG_WEIGHTS, filters, w)
                .add(Dnnl.DNNL_ARG_DST, p.d(rows), m));
        p.output(m.address(), row, rows, result);
      }
    }
    return y;
  }

  /** D = A B, in batches where they have three axes. */
  private Primitive product(Md a, Md b, Md d) {
    return dnnl.primitive(
        new Key("winograd", a, b),
        () ->
            dnnl.compile(
                "dnnl_matmul_primitive_desc_create",
                a.shape + " by " + b.shape,
                new int[] {0, Dnnl.dnnl_query_weights_md, 0},
                new Md[] {a, b, d},
                0,
                (out, engine, attr, arena) ->
                    Dnnl.dnnl_matmul_primitive_desc_create(
                        out, engine, a.handle, b.handle, 0, d.handle, attr)));
  }

  /** The panels that a batch is cut into. */
  private final class Panels {
    private final WinogradTiles tiles;
    private final int in;
    private final int out;

    /** Rows of tiles in a panel that is not the last. */
    private final int most;

    private Panels(Shape x, int in, int out) {
      tiles = new WinogradTiles(x);
      this.in = in;
      this.out = out;
      long row = (long) MATRICES * tiles.across() * (in + out) * Float.BYTES;
      most = Math.clamp(PANEL * parallel.threads() / row, 1, tiles.rows());
    }

    private Md a(int rows) {
      return dnnl.mds.rowMajor(Shape.of(MATRICES, (long) rows * tiles.across(), in), DType.F32);
    }

    private Md d(int rows) {
      return dnnl.mds.rowMajor(Shape.of(MATRICES, (long) rows * tiles.across(), out), DType.F32);
    }

    private void input(long x, int row, int rows, long v) {
      forRows(
          rows, in, r -> tiles.input(x, in, row + r, v, rows * tiles.across(), r * tiles.across()));
    }

    private void output(long m, int row, int rows, WinogradTiles.Result result) {
      int all = rows * tiles.across();
      forRows(rows, out, r -> tiles.output(m, all, r * tiles.across(), row + r, result));
    }

    private void forRows(int rows, int channels, IntConsumer work) {
      long each = (long) MATRICES * tiles.across() * channels;
      queue.run(
          () ->
              parallel.rows(
                  rows,
                  each,
                  (from, to) -> {
                    for (long r = from; r < to; r++) {
                      work.accept((int) r);
                    }
                  }));
    }
  }
}
