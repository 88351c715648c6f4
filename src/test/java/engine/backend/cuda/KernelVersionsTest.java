package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import engine.backend.Losses.Reduction;
import engine.backend.Normalizations.Affine;
import engine.backend.Normalizations.After;
import engine.backend.PoolGeometry;
import engine.backend.Pools;
import engine.backend.Quantizers.QuantRange;
import engine.backend.cuda.driver.Launcher;
import engine.backend.cuda.driver.TensorLists;
import engine.backend.cuda.memory.CudaMemory;
import engine.backend.cuda.memory.ReductionShape;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** The numbered versions, which only teach, give what the version in use gives. */
final class KernelVersionsTest {
  private static final int[] LENGTHS = {1, 3, 257, 5003};

  private final Random random = new Random(9);

  @OnEveryGpu
  void casts(CudaBackend gpu) {
    for (int n : LENGTHS) {
      try (Tensor x = normal(gpu, n);
          Tensor a = gpu.memory().empty(DType.F16, Shape.of(n));
          Tensor b = gpu.memory().cast(x, DType.F16)) {
        gpu.launcher().kernel("cast_f32_f16_v1").of(x).of(a).of((long) n).grid(blocks(n), 1, 256);
        assertSame(gpu, b, a, 0);
      }
    }
  }

  @OnEveryGpu
  void dropoutMasks(CudaBackend gpu) {
    HostTensor seedAndStep = HostTensor.of(new long[] {random.nextLong(), 7}, 2);
    for (int n : LENGTHS) {
      try (Tensor x = normal(gpu, n);
          Tensor state = gpu.memory().upload(seedAndStep);
          Tensor a = gpu.memory().emptyLike(x);
          Tensor b = gpu.elementwise().dropoutMask(x, 0.25f, state, 3)) {
        gpu.launcher().kernel("dropout_mask_v1").of(a).of((long) n).of(0.25f).of(1 / 0.75f);
        gpu.launcher().of(state).of(3).grid(blocks(n), 1, 256);
        assertSame(gpu, b, a, 1e-6);
      }
    }
  }

  @OnEveryGpu
  void softmax(CudaBackend gpu) {
    for (int n : LENGTHS) {
      try (Tensor x = normal(gpu, 3, n);
          Tensor a = gpu.memory().emptyLike(x);
          Tensor b = gpu.reductions().softmax(x, 1, true)) {
        gpu.launcher().kernel("softmax_v1").of(x).of(a).of(3L).of((long) n).of(1L).of(true);
        gpu.launcher().grid(1, 1, 256);
        assertSame(gpu, b, a, 1e-4);
      }
    }
  }

  @OnEveryGpu
  void layerNorms(CudaBackend gpu) {
    for (int n : new int[] {1, 3, 33, 769}) {
      try (Tensor x = normal(gpu, 5, n);
          Tensor c = normal(gpu, n);
          Tensor a = gpu.memory().emptyLike(x);
          Tensor mean = gpu.memory().empty(DType.F32, Shape.of(5));
          Tensor rstd = gpu.memory().empty(DType.F32, Shape.of(5))) {
        var b = gpu.layerNorms().forward(x, c, c, -1, 1e-2f);
        gpu.launcher().kernel("layer_norm_f32_v1").of(x).of(c).of(c).of(1e-2f).of(a);
        gpu.launcher().of(mean).of(rstd).of(5L).of((long) n).grid(1, 1, 256);
        try (Tensor y = b.y();
            var saved = b.saved()) {
          assertSame(gpu, y, a, 1e-4);
          assertSame(gpu, saved.mean(), mean, 1e-5);
          assertSame(gpu, saved.rstd(), rstd, 1e-4);
        }
      }
    }
  }

  @OnEveryGpu
  void sums(CudaBackend gpu) {
    for (int n : LENGTHS) {
      try (Arena arena = Arena.ofConfined();
          Tensor x = normal(gpu, 3, n);
          Tensor a = gpu.memory().empty(DType.F32, Shape.of(3));
          Tensor b = gpu.reductions().sum(x, new int[] {1}, false)) {
        ReductionShape shape = new ReductionShape(x, new boolean[] {false, true});
        gpu.launcher().kernel("sum_v1").of(x).of(a).of(1f).of(shape.struct(arena)).threads(3);
        assertSame(gpu, b, a, 1e-3);
      }
    }
  }

  @OnEveryGpu
  void layouts(CudaBackend gpu) {
    for (int[] s : new int[][] {{2, 33, 65}, {3, 40, 31}, {1, 9, 1025}}) {
      CudaMemory memory = (CudaMemory) gpu.memory();
      try (Tensor wide = normal(gpu, s[0], s[1], s[2], 1);
          Tensor x = memory.cast(wide, DType.F16);
          Tensor b = memory.toChannelsLast(x, DType.F16);
          Tensor a = memory.emptyLike(b)) {
        gpu.launcher().kernel("channels_last_16_v1").of(x).of(a).of((long) s[0]).of(s[1]).of(s[2]);
        gpu.launcher().grid(blocks(s[0] * s[1] * s[2]), 1, 256);
        assertSame(gpu, b, a, 0);
      }
    }
  }

  @OnEveryGpu
  void globalAverages(CudaBackend gpu) {
    for (int[] s : new int[][] {{1, 2, 3}, {3, 66, 7}, {2, 64, 49}, {1, 130, 1000}}) {
      CudaMemory memory = (CudaMemory) gpu.memory();
      try (Tensor wide = normal(gpu, s[0], s[1], s[2], 1);
          Tensor x = memory.toChannelsLast(wide, DType.F16);
          Tensor a = memory.empty(DType.F32, Shape.of(s[0], s[1], 1, 1));
          Tensor b = gpu.pools().adaptiveAverage(x, 1, 1)) {
        Launcher l = gpu.launcher().kernel("global_average_f16_v1");
        l.of(x).of(a).of((long) s[0]).of(s[1]).of(s[2]).threads((long) s[0] * s[1]);
        assertSame(gpu, b, a, 0x1p-9);
      }
    }
  }

  @OnEveryGpu
  void normStatistics(CudaBackend gpu) {
    for (int[] s : new int[][] {{1, 7}, {3000, 20}, {257, 300}, {50, 64}}) {
      try (Tensor x = normal(gpu, s[0], s[1]);
          Tensor mean = gpu.memory().empty(DType.F32, Shape.of(s[1]));
          Tensor variance = gpu.memory().emptyLike(mean)) {
        Launcher l = gpu.launcher().kernel("norm_statistics_f32_v1");
        l.of(x).of(mean).of(variance).of((long) s[0]).of(s[1]).threads(s[1]);
        var t = gpu.normalizations().train(x, null, new Affine(null, null, 1e-5f), After.NOTHING);
        assertSame(gpu, t.saved().batch().mean(), mean, 1e-5);
        assertSame(gpu, t.saved().batch().variance(), variance, 1e-5);
        t.saved().close();
        t.y().close();
      }
    }
  }

  @OnEveryGpu
  void maxPoolGradients(CudaBackend gpu) {
    PoolGeometry g = PoolGeometry.of(3, 2, 1);
    try (Arena arena = Arena.ofConfined();
        Tensor x = normal(gpu, 2, 3, 9, 11);
        Pools.Max max = gpu.pools().max(x, g);
        Tensor a = gpu.memory().zerosLike(x);
        Tensor b = gpu.pools().maxBackward(max.y(), max, x, g)) {
      MemorySegment pool =
          arena.allocateFrom(ValueLayout.JAVA_INT, 9, 11, 5, 6, 3, 3, 2, 2, 1, 1, 1, 1, 0, 0);
      Launcher l = gpu.launcher().kernel("max_pool_backward_v1").of(max.y()).of(max.where());
      l.of(a).of(6L).of(1).of(pool).threads(max.y().shape().elements());
      assertSame(gpu, b, a, 1e-5);
    }
  }

  @OnEveryGpu
  void crossEntropy(CudaBackend gpu) {
    int n = 37;
    for (int k : new int[] {2, 33, 257}) {
      try (Tensor x = normal(gpu, n, k);
          Tensor y = gpu.memory().upload(HostTensor.of(random.ints(n, 0, k).toArray(), n));
          Tensor dx = gpu.memory().emptyLike(x);
          Tensor rows = gpu.memory().empty(DType.F32, Shape.of(n));
          Tensor loss =
              gpu.reductions().sum(rowLosses(gpu, x, y, dx, rows), new int[] {0}, false)) {
        var want = gpu.losses().crossEntropy(x, y, null, 0.1f, -100, Reduction.MEAN);
        assertSame(gpu, want.loss(), loss, 1e-5);
        assertSame(gpu, want.dlogits(), dx, 1e-5);
        want.loss().close();
        want.dlogits().close();
      }
    }
  }

  private static Tensor rowLosses(CudaBackend gpu, Tensor x, Tensor y, Tensor dx, Tensor rows) {
    int n = x.shape().size(0);
    gpu.launcher().kernel("cross_entropy_v1").of(x).of(y).of(0.1f).of(dx).of(rows);
    gpu.launcher().of(n).of(x.shape().size(1)).grid(1, 1, 256);
    return rows;
  }

  @OnEveryGpu
  void gradientNorms(CudaBackend gpu) {
    for (int n : LENGTHS) {
      try (Tensor x = normal(gpu, n);
          Tensor square = gpu.memory().zeros(DType.F32, Shape.of(1));
          Tensor norm = gpu.optimizers().norm(List.of(x))) {
        gpu.launcher().kernel("grad_norm_v1").of(x).of((long) n).of(square).threads(n);
        double root = Math.sqrt(gpu.memory().download(square).item());
        double want = gpu.memory().download(norm).get(0);
        assertArrayEquals(new double[] {want}, new double[] {root}, 1e-4 * want);
      }
    }
  }

  @OnEveryGpu
  void fakeQuantisationAndItsObserver(CudaBackend gpu) {
    for (int n : LENGTHS) {
      try (Tensor x = normal(gpu, n);
          Tensor scale = gpu.memory().upload(HostTensor.of(new float[] {0.01f}, 1));
          Tensor zero = gpu.memory().upload(HostTensor.of(new int[] {7}, 1));
          Tensor a = gpu.memory().emptyLike(x);
          Tensor min = start(gpu, Float.POSITIVE_INFINITY);
          Tensor max = start(gpu, Float.NEGATIVE_INFINITY);
          Tensor wantMin = start(gpu, Float.POSITIVE_INFINITY);
          Tensor wantMax = start(gpu, Float.NEGATIVE_INFINITY)) {
        Launcher l = gpu.launcher();
        l.kernel("fake_quant_v1").of(x).of(scale).of(zero).of(0).of(255).of(a).of((long) n);
        l.grid(blocks(n), 1, 256);
        var grid = new QuantRange(-1, scale, zero, 0, 255);
        try (Tensor b = gpu.quantizers().fakeQuantize(x, null, grid)) {
          assertSame(gpu, b, a, 0);
        }
        l.kernel("observe_v1").of(x).of(min).of(max).of(0f).of(1L).of(1).of((long) n);
        l.grid(1, 1, 256);
        gpu.quantizers().observeInPlace(x, -1, null, wantMin, wantMax, 0);
        assertSame(gpu, wantMin, min, 0);
        assertSame(gpu, wantMax, max, 0);
      }
    }
  }

  private static Tensor start(CudaBackend gpu, float value) {
    return gpu.memory().upload(HostTensor.of(new float[] {value}, 1));
  }

  @OnEveryGpu
  void adamw(CudaBackend gpu) {
    for (int n : LENGTHS) {
      HostTensor[] start = {draw(n), draw(n), draw(n), squares(n)};
      float[][] one = adamw(gpu, "adamw_v1", start);
      float[][] two = adamw(gpu, "adamw_v2", start);
      float[][] used = adamw(gpu, "adamw", start);
      for (int i = 0; i < start.length; i++) {
        assertArrayEquals(used[i], one[i], 1e-6f, "adamw_v1 of " + n);
        assertArrayEquals(used[i], two[i], 1e-6f, "adamw_v2 of " + n);
      }
    }
  }

  private static float[][] adamw(CudaBackend gpu, String kernel, HostTensor[] start) {
    try (Arena arena = Arena.ofConfined();
        Tensor p = gpu.memory().upload(start[0]);
        Tensor g = gpu.memory().upload(start[1]);
        Tensor m = gpu.memory().upload(start[2]);
        Tensor v = gpu.memory().upload(start[3]);
        Tensor rates = gpu.memory().upload(HostTensor.of(new float[] {0.01f, 0.1f}, 2));
        Tensor control = gpu.memory().upload(HostTensor.of(new float[] {0.5f, 0, 1}, 3));
        Tensor factors = gpu.memory().upload(HostTensor.of(new float[] {0.02f, 3}, 2))) {
      int n = p.shape().size(0);
      MemorySegment rule =
          arena.allocateFrom(
              ValueLayout.JAVA_INT,
              Float.floatToIntBits(0.1f),
              Float.floatToIntBits(0.999f),
              Float.floatToIntBits(0.001f),
              Float.floatToIntBits(1e-8f),
              1,
              0);
      Launcher l = gpu.launcher().kernel(kernel);
      if (kernel.endsWith("v1")) {
        l.of(p).of(g).of(m).of(v).of((long) n).of(0);
      } else {
        List<List<Tensor>> columns =
            List.of(List.of(p), List.of(g), List.of(m), List.of(v), nothing(), nothing());
        l.of(TensorLists.of(arena, columns, 0, null).getFirst().struct());
      }
      l.of(rates).of(control).of(factors).of(rule).grid(blocks(n), 1, 256);
      return new float[][] {floats(gpu, p), floats(gpu, g), floats(gpu, m), floats(gpu, v)};
    }
  }

  /** No largest moment, as without amsgrad, and no half copy. */
  private static List<Tensor> nothing() {
    return Collections.singletonList(null);
  }

  // ---- helpers ----

  private static int blocks(int n) {
    return (n + 255) / 256;
  }

  private HostTensor draw(long... shape) {
    long n = 1;
    for (long s : shape) {
      n *= s;
    }
    float[] all = new float[Math.toIntExact(n)];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(all, shape);
  }

  private HostTensor squares(int n) {
    float[] all = draw(n).toFloats();
    for (int i = 0; i < n; i++) {
      all[i] *= all[i];
    }
    return HostTensor.of(all, n);
  }

  private Tensor normal(CudaBackend gpu, long... shape) {
    return gpu.memory().upload(draw(shape));
  }

  private static float[] floats(CudaBackend gpu, Tensor t) {
    return gpu.memory().download(t).toFloats();
  }

  private static void assertSame(CudaBackend gpu, Tensor want, Tensor got, double tolerance) {
    assertArrayEquals(floats(gpu, want), floats(gpu, got), (float) tolerance);
  }
}
