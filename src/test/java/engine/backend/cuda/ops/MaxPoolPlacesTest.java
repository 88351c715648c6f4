package engine.backend.cuda.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.PoolGeometry;
import engine.backend.PoolGeometry.Extent;
import engine.backend.Pools;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.backend.cuda.layout.ChannelsLast;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.Arrays;
import java.util.Random;

/** A maximum's place in its window is a byte where the window is small enough, else an int. */
final class MaxPoolPlacesTest {
  private static final int N = 2;
  private static final int C = 8;
  private static final int H = 21;
  private static final int W = 19;

  /** Few different values, so that windows have several maxima: the first one counts. */
  private static float[] images() {
    Random random = new Random(3);
    float[] v = new float[N * C * H * W];
    for (int i = 0; i < v.length; i++) {
      v[i] = random.nextInt(12) - 6;
    }
    return v;
  }

  private static Extent square(int side) {
    return new Extent(side, side);
  }

  private static int extent(int in, int kernel, int stride, int pad, int dilation) {
    return (in + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
  }

  /** torch.nn.functional.max_pool2d with return_indices, and the gradient of the results' sum. */
  private static void check(CudaBackend gpu, DType type, boolean last, int kernel, int dilation) {
    int stride = 2;
    int pad = kernel / 2;
    float[] x = images();
    int outH = extent(H, kernel, stride, pad, dilation);
    int outW = extent(W, kernel, stride, pad, dilation);
    double[] indices = new double[N * C * outH * outW];
    float[] gradient = new float[x.length];
    for (int o = 0; o < indices.length; o++) {
      int plane = o / (outH * outW);
      int best = -1;
      for (int k = 0; k < kernel * kernel; k++) {
        int h = o / outW % outH * stride - pad + k / kernel * dilation;
        int w = o % outW * stride - pad + k % kernel * dilation;
        int i = h * W + w;
        boolean inside = h >= 0 && h < H && w >= 0 && w < W;
        if (inside && (best < 0 || x[plane * H * W + i] > x[plane * H * W + best])) {
          best = i;
        }
      }
      indices[o] = best;
      gradient[plane * H * W + best]++;
    }
    CudaMemory memory = (CudaMemory) gpu.memory();
    Shape shape = Shape.of(N, C, H, W);
    var g = new PoolGeometry(square(kernel), square(stride), square(pad), square(dilation), false);
    try (Tensor given = memory.upload(HostTensor.of(x, N, C, H, W));
        Tensor images = memory.to(given, type, last ? ChannelsLast.of(shape) : given.layout());
        Pools.Max max = gpu.pools().max(images, g);
        Tensor ones = memory.emptyLike(max.y());
        Tensor found = gpu.pools().maxIndices(max, images, g)) {
      assertEquals(kernel * kernel > 255 ? DType.I32 : DType.U8, max.where().dtype());
      assertArrayEquals(indices, memory.download(found).toDoubles());
      float[] one = new float[indices.length];
      Arrays.fill(one, 1);
      try (Tensor plain = memory.upload(HostTensor.of(one, N, C, outH, outW))) {
        memory.copyInPlace(plain, ones);
      }
      try (Tensor dx = gpu.pools().maxBackward(ones, max, images, g)) {
        assertArrayEquals(gradient, memory.download(dx).toFloats());
      }
    }
  }

  @OnEveryGpu
  void placesAreThoseOfTheFirstMaxima(CudaBackend gpu) {
    for (int[] window : new int[][] {{3, 1}, {3, 2}, {4, 3}, {15, 1}, {16, 1}}) {
      check(gpu, DType.F32, false, window[0], window[1]);
      check(gpu, DType.F16, true, window[0], window[1]);
      check(gpu, DType.BF16, true, window[0], window[1]);
    }
  }
}
