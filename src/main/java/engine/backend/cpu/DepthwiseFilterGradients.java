package engine.backend.cpu;

import engine.backend.Conv2dGeometry;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.dnnl.MdTable;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.backend.cpu.runtime.Raw;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Filter gradients of depthwise convolutions in Java, for filters that oneDNN 3.13 has only its
 * reference kernel for, such as the 5x5 of EfficientNet: that takes seconds where this takes
 * milliseconds.
 *
 * <p>For each place (i, j) of the filter, {@code dw[i, j] = Σ x[s·h + d·i − p, s·w + d·j − p] ·
 * dy[h, w]} over images and outputs. Images lie channel-blocked, so a row of outputs is one run of
 * floats; the inputs that meet it are copied beside each other, and one loop over arrays, which C2
 * vectorises, multiplies the two and adds to a row of sums.
 */
final class DepthwiseFilterGradients {
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** A thread's arrays; they grow to the largest layer and are kept. */
  private static final class Scratch {
    private static final ThreadLocal<Scratch> OF_THREAD = ThreadLocal.withInitial(Scratch::new);

    /** An image of one block of channels, [H, stride, columns, channels], with its padding. */
    private float[] image = {};

    private float[] dy = {};
    private float[] x = {};
    private float[][] sums = {};

    private static Scratch of(int image, int row, int places) {
      Scratch s = OF_THREAD.get();
      if (s.image.length < image) {
        s.image = new float[image];
      }
      if (s.dy.length < row || s.sums.length < places) {
        int longest = Math.max(row, s.dy.length);
        s.dy = new float[longest];
        s.x = new float[longest];
        s.sums = new float[Math.max(places, s.sums.length)][longest];
      }
      return s;
    }
  }

  private final CpuMemory memory;
  private final CpuQueue queue;
  private final Parallel parallel;
  private final MdTable layouts;

  DepthwiseFilterGradients(CpuMemory memory, CpuQueue queue, Parallel parallel, MdTable layouts) {
    this.memory = memory;
    this.queue = queue;
    this.parallel = parallel;
    this.layouts = layouts;
  }

  /** Whether a convolution has one filter a channel. */
  static boolean isDepthwise(Shape x, Shape w, Conv2dGeometry g) {
    return g.groups() == x.dim(1) && w.dim(0) == x.dim(1) && g.groups() > 1;
  }

  /**
   * @param x [N, C, H, W], F32
   * @param dy of the shape of the result, F32
   * @param w [C, 1, kH, kW]
   * @return F32 of shape {@code w}, row-major
   */
  Tensor of(Tensor x, Tensor dy, Shape w, Conv2dGeometry g) {
    int lanes = layouts.wide() ? 16 : 8;
    Tensor dw = memory.empty(DType.F32, w);
    try (Tensor images = memory.to(x, layouts.blocked(x.shape(), DType.F32));
        Tensor gradients = memory.to(dy, layouts.blocked(dy.shape(), DType.F32))) {
      Layer layer = new Layer(x.shape(), dy.shape(), w, g, lanes);
      long from = images.address();
      long of = gradients.address();
      long to = dw.address();
      queue.run(
          () ->
              parallel.rows(
                  layer.blocks,
                  layer.work(),
                  (first, end) -> {
                    for (long b = first; b < end; b++) {
                      layer.block(from, of, to, b);
                    }
                  }));
    }
    return dw;
  }

  /** A layer, and what each of its blocks of channels goes through. */
  private static final class Layer {
    private final Conv2dGeometry g;
    private final int lanes;
    private final int channels;
    private final int blocks;
    private final int images;
    private final int h;
    private final int w;
    private final int outH;
    private final int outW;
    private final int kH;
    private final int kW;

    /**
     * Padded columns that the filter reads, and how many of them each residue of the stride has.
     */
    private final int read;

    private final int columns;

    private Layer(Shape x, Shape y, Shape filter, Conv2dGeometry g, int lanes) {
      this.g = g;
      this.lanes = lanes;
      images = x.size(0);
      channels = x.size(1);
      blocks = (channels + lanes - 1) / lanes;
      h = x.size(2);
      w = x.size(3);
      outH = y.size(2);
      outW = y.size(3);
      kH = filter.size(2);
      kW = filter.size(3);
      read = (outW - 1) * g.strideW() + (kW - 1) * g.dilationW() + 1;
      columns = (read + g.strideW() - 1) / g.strideW();
    }

    private long work() {
      return (long) images * outH * outW * kH * kW * lanes;
    }

    private void block(long x, long dy, long dw, long block) {
      int row = outW * lanes;
      int image = h * g.strideW() * columns * lanes;
      Scratch s = Scratch.of(image, row, kH * kW);
      Arrays.fill(s.image, 0, image, 0); // the padding stays so
      for (int place = 0; place < kH * kW; place++) {
        Arrays.fill(s.sums[place], 0, row, 0);
      }
      for (int n = 0; n < images; n++) {
        long at = n * (long) blocks + block;
        load(x + at * h * w * lanes * 4, s.image);
        for (int o = 0; o < outH; o++) {
          long from = dy + (at * outH + o) * row * 4;
          MemorySegment.copy(Raw.MEMORY, F32, from, s.dy, 0, row);
          outputs(o, row, s);
        }
      }
      store(s.sums, dw, block);
    }

    /** Columns that a stride apart meet neighbouring outputs are laid side by side. */
    private void load(long x, float[] image) {
      int stride = g.strideW();
      int step = stride == 1 ? w : 1;
      for (int i = 0; i < h; i++) {
        for (int j = 0; j < w; j += step) {
          int at = j + g.padLeft();
          int many = Math.min(step, read - at);
          if (many <= 0) {
            break;
          }
          int to = ((i * stride + at % stride) * columns + at / stride) * lanes;
          long from = x + ((long) i * w + j) * lanes * 4;
          MemorySegment.copy(Raw.MEMORY, F32, from, image, to, many * lanes);
        }
      }
    }

    /** What a row of outputs adds to the sums. */
    private void outputs(int o, int row, Scratch s) {
      for (int i = 0; i < kH; i++) {
        int from = o * g.strideH() + i * g.dilationH() - g.padTop();
        if (from < 0 || from >= h) {
          continue;
        }
        for (int j = 0; j < kW; j++) {
          int at = j * g.dilationW();
          int residue = at % g.strideW();
          int column = (from * g.strideW() + residue) * columns + at / g.strideW();
          System.arraycopy(s.image, column * lanes, s.x, 0, row);
          addProducts(s.sums[i * kW + j], s.x, s.dy, row);
        }
      }
    }

    /** Every array indexed by {@code i} alone, for C2. */
    private static void addProducts(float[] sums, float[] x, float[] dy, int n) {
      for (int i = 0; i < n; i++) {
        sums[i] += x[i] * dy[i];
      }
    }

    private void store(float[][] sums, long dw, long block) {
      for (int lane = 0; lane < lanes && block * lanes + lane < channels; lane++) {
        for (int place = 0; place < kH * kW; place++) {
          double sum = 0;
          for (int o = 0; o < outW; o++) {
            sum += sums[place][o * lanes + lane];
          }
          Raw.f32(dw, (block * lanes + lane) * kH * kW + place, (float) sum);
        }
      }
    }
  }
}
