package engine.backend.cuda.layout;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import engine.backend.Activation;
import engine.backend.Conv2dGeometry;
import engine.backend.Elementwise.Binary;
import engine.backend.PoolGeometry;
import engine.backend.PoolGeometry.Extent;
import engine.backend.Pools;
import engine.backend.Quantizers.QuantRange;
import engine.backend.Reductions;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.backend.cuda.memory.CudaMemory;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Layout;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Channels-last tensors: every op gives for them what it gives for row-major ones, and converts
 * none of them where it says that it needs not.
 */
final class ChannelsLastTest {
  private static final long SEED = Long.getLong("engine.test.seed", 20261124);
  private static final long[][] SHAPES = {
    {2, 5, 7, 9}, {3, 16, 4, 6}, {1, 33, 12, 1}, {2, 8, 6, 6}
  };

  private final DrawnValues draw = new DrawnValues(SEED);

  /** Results of an op for images; all of them are the caller's. */
  private interface Op {
    List<Tensor> on(CudaBackend gpu, Tensor x, Tensor y);
  }

  // ---- conversions ----

  @OnEveryGpu
  void conversionsMoveEveryValueAndAreCounted(CudaBackend gpu) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    for (long[] s : new long[][] {{2, 3, 5, 7}, {1, 33, 9, 7}, {3, 40, 1, 31}, {2, 8, 33, 2}}) {
      float[] v = draw.normal(s).toFloats();
      float[] turned = new float[v.length];
      int c = (int) s[1];
      int plane = (int) (s[2] * s[3]);
      for (int i = 0; i < v.length; i++) {
        turned[(i / plane / c * plane + i % plane) * c + i / plane % c] = v[i];
      }
      long before = memory.reorders();
      try (Tensor x = memory.upload(HostTensor.of(v, s));
          Tensor last = memory.toChannelsLast(x, DType.F32);
          Tensor halves = memory.toChannelsLast(x, DType.F16);
          Tensor bytes = asRowMajor(last)) {
        assertSame(ChannelsLast.INSTANCE, last.layout());
        assertArrayEquals(turned, memory.download(bytes).toFloats(), what(s));
        assertArrayEquals(v, memory.download(last).toFloats(), what(s));
        try (Tensor want = memory.cast(x, DType.F16)) {
          assertArrayEquals(
              memory.download(want).toFloats(), memory.download(halves).toFloats(), what(s));
        }
        assertEquals(4, memory.reorders() - before);
        memory.uploadInPlace(HostTensor.of(turned, s), last);
        assertArrayEquals(turned, memory.download(last).toFloats(), what(s));
      }
    }
  }

  @OnEveryGpu
  void onePixelOrOneChannelIsRowMajorToo(CudaBackend gpu) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    for (long[] s : new long[][] {{2, 1, 5, 7}, {4, 9, 1, 1}, {0, 3, 1, 1}}) {
      long before = memory.reorders();
      try (Tensor x = memory.upload(draw.normal(s));
          Tensor last = memory.toChannelsLast(x, DType.F32)) {
        assertSame(Layout.ROW_MAJOR, last.layout());
        assertSame(x.storage(), last.storage());
        assertEquals(before, memory.reorders());
      }
    }
  }

  /** The same bytes, taken for a row of values. */
  private static Tensor asRowMajor(Tensor t) {
    Tensor owner = t.retain(); // its reference goes to the tensor that is returned
    return new Tensor(t.dtype(), Shape.of(t.shape().elements()), Layout.ROW_MAJOR, owner.storage());
  }

  // ---- ops ----

  @OnEveryGpu
  void elementwise(CudaBackend gpu) {
    agree(
        gpu,
        0,
        0,
        (b, x, y) -> {
          var e = b.elementwise();
          Tensor sum = e.binary(Binary.ADD, x, y);
          e.addInPlace(sum, x);
          return List.of(
              sum,
              e.activation(Activation.SILU, x),
              e.activationBackward(Activation.SILU, x, y),
              e.scale(x, 0.3f),
              e.binary(Binary.DIV, x, y),
              e.concat(new Tensor[] {x, y}, 1),
              e.concat(new Tensor[] {x, y}, 0),
              e.slice(x, 1, 1, x.shape().dim(1) - 1),
              e.slice(x, 2, 1, x.shape().dim(2) - 1));
        });
  }

  @OnEveryGpu
  void broadcasts(CudaBackend gpu) {
    agree(
        gpu,
        1e-4,
        0,
        (b, x, y) -> {
          var e = b.elementwise();
          List<Tensor> all = new ArrayList<>();
          Shape s = x.shape();
          for (Shape small :
              List.of(
                  Shape.of(1, s.dim(1), 1, 1),
                  Shape.of(s.dim(0), s.dim(1), 1, 1),
                  Shape.of(s.dim(0), 1, s.dim(2), s.dim(3)),
                  Shape.of(s.dim(2), s.dim(3)),
                  Shape.of())) {
            try (Tensor other = b.memory().upload(draw.normal(small.dims()))) {
              all.add(e.binary(Binary.MUL, x, other));
              all.add(e.binary(Binary.SUB, other, y));
              all.add(e.sumTo(x, other));
            }
          }
          return all;
        });
  }

  @OnEveryGpu
  void layoutsMayMeet(CudaBackend gpu) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    for (long[] s : SHAPES) {
      HostTensor a = draw.normal(s);
      HostTensor b = draw.normal(s);
      try (Tensor x = memory.upload(a);
          Tensor y = memory.upload(b);
          Tensor last = memory.toChannelsLast(y, DType.F32);
          Tensor want = gpu.elementwise().binary(Binary.SUB, x, y);
          Tensor got = gpu.elementwise().binary(Binary.SUB, x, last)) {
        same(memory, want, got, 0, what(s));
        gpu.elementwise().addInPlace(last, x);
        gpu.elementwise().addInPlace(x, y);
        same(memory, x, last, 0, what(s));
      }
    }
  }

  @OnEveryGpu
  void dropoutDrawsTheSameForEveryLayout(CudaBackend gpu) {
    // A mask is drawn in row-major order, and then brought into that of the images.
    try (Tensor state = gpu.memory().upload(HostTensor.of(new long[] {7, 5}, 2))) {
      agree(gpu, 0, 1, (b, x, y) -> List.of(b.elementwise().dropoutMask(x, 0.3f, state, 3)));
    }
  }

  @OnEveryGpu
  void reductions(CudaBackend gpu) {
    int[][] axes = {{1}, {2, 3}, {0, 2, 3}, {0}, {3}, {0, 1, 2, 3}};
    agree(
        gpu,
        1e-4,
        0,
        (b, x, y) -> {
          Reductions r = b.reductions();
          List<Tensor> all = new ArrayList<>();
          for (int[] a : axes) {
            Tensor sum = r.sum(x, a, true);
            Tensor max = r.amax(x, a, true);
            all.addAll(
                List.of(
                    sum,
                    r.mean(x, a, false),
                    r.expand(sum, x, a, 0.5f),
                    max,
                    r.amaxBackward(sum, max, x, a)));
          }
          Reductions.MaxDim first = r.maxDim(x, 1, true);
          all.addAll(
              List.of(
                  first.values(),
                  first.indices(),
                  r.maxDimBackward(first.values(), first.indices(), x, 1)));
          return all;
        });
  }

  @OnEveryGpu
  void otherAxesAreConverted(CudaBackend gpu) {
    agree(
        gpu,
        1e-5,
        4,
        (b, x, y) -> {
          Reductions.MaxDim first = b.reductions().maxDim(x, 2, true);
          Tensor dx = b.reductions().maxDimBackward(first.values(), first.indices(), x, 2);
          Tensor soft = b.reductions().softmax(x, 1, false);
          Tensor back = b.reductions().softmaxBackward(y, soft, 1, false);
          return List.of(first.values(), first.indices(), dx, soft, back);
        });
  }

  @OnEveryGpu
  void pools(CudaBackend gpu) {
    agree(
        gpu,
        1e-5,
        0,
        (b, x, y) -> {
          Pools p = b.pools();
          List<Tensor> all = new ArrayList<>();
          PoolGeometry g =
              new PoolGeometry(
                  new Extent(2, 1), new Extent(2, 1), new Extent(1, 0), new Extent(2, 1), false);
          Pools.Max max = p.max(x, g);
          Pools.Max cells = p.adaptiveMax(x, 3, 2);
          Pools.Max one = p.adaptiveMax(x, 1, 1);
          PoolGeometry means =
              new PoolGeometry(
                  new Extent(2, 1), new Extent(1, 1), new Extent(1, 0), new Extent(1, 1), true);
          Tensor average = p.average(x, means, false);
          Tensor adaptive = p.adaptiveAverage(x, 3, 2);
          Tensor global = p.adaptiveAverage(x, 1, 1);
          all.addAll(
              List.of(
                  p.maxBackward(max.y(), max, x, g),
                  p.adaptiveMaxBackward(adaptive, cells, x),
                  p.adaptiveMaxBackward(global, one, x),
                  average,
                  p.averageBackward(average, x, means, false),
                  adaptive,
                  p.adaptiveAverageBackward(adaptive, x),
                  global,
                  p.adaptiveAverageBackward(global, x)));
          for (Pools.Max m : List.of(max, cells, one)) {
            all.add(m.y());
            m.where().close();
          }
          return all;
        });
  }

  @OnEveryGpu
  void placesOfMaximaAreRowMajor(CudaBackend gpu) {
    PoolGeometry g = PoolGeometry.of(2, 1, 1);
    CudaMemory memory = (CudaMemory) gpu.memory();
    for (long[] s : SHAPES) {
      if (s[3] < 2) {
        continue;
      }
      try (Tensor x = memory.upload(draw.normal(s));
          Tensor last = memory.toChannelsLast(x, DType.F32);
          Pools.Max a = gpu.pools().max(x, g);
          Pools.Max b = gpu.pools().max(last, g);
          Tensor want = gpu.pools().maxIndices(a, x, g);
          Tensor got = gpu.pools().maxIndices(b, last, g)) {
        same(memory, want, got, 0, what(s));
      }
    }
  }

  @OnEveryGpu
  void rounding(CudaBackend gpu) {
    try (Tensor min = gpu.memory().upload(HostTensor.of(new float[] {0.02f}, 1));
        Tensor zero = gpu.memory().upload(HostTensor.of(new int[] {3}, 1))) {
      QuantRange grid = new QuantRange(-1, min, zero, 0, 100);
      for (long[] s : SHAPES) {
        try (Tensor x = gpu.memory().upload(draw.normal(s));
            Tensor scales = gpu.memory().upload(HostTensor.of(ones((int) s[1]), s[1]));
            Tensor zeros = gpu.memory().zeros(DType.I32, Shape.of(s[1]))) {
          QuantRange channels = new QuantRange(1, scales, zeros, -2, 2);
          compare(
              gpu,
              1e-4,
              0,
              what(s),
              (b, in, dy) ->
                  List.of(
                      b.quantizers().fakeQuantize(in, null, grid),
                      b.quantizers().fakeQuantizeBackward(dy, in, null, grid),
                      b.quantizers().roundingGradient(dy, in, null, grid),
                      b.quantizers().fakeQuantize(in, null, channels),
                      b.quantizers().roundingGradient(dy, in, null, channels)),
              x,
              x);
        }
      }
    }
  }

  // ---- few channels ----

  @OnEveryGpu
  void fewChannelsOfHalvesArePaddedAndTheirGradientIsNot(CudaBackend gpu) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    Conv2dGeometry g = Conv2dGeometry.of(2, 1, 1);
    for (int c : new int[] {1, 2, 3, 7}) {
      Shape ws = Shape.of(5, c, 3, 3);
      try (Tensor x = memory.upload(draw.coarse(2, c, 6, 8));
          Tensor w = memory.upload(draw.coarse(5, c, 3, 3));
          Tensor dy = memory.upload(draw.coarse(2, 5, 3, 4));
          Tensor want = gpu.convolutions().forward(x, w, null, g);
          Tensor wantW = gpu.convolutions().backwardWeight(x, dy, w, null, g);
          Tensor wantX = gpu.convolutions().backwardData(dy, w, x.shape(), g)) {
        for (boolean last : new boolean[] {false, true}) {
          try (Tensor xh = last ? memory.toChannelsLast(x, DType.F16) : memory.cast(x, DType.F16);
              Tensor wh = last ? memory.toChannelsLast(w, DType.F32) : w.retain();
              Tensor dyh = memory.toChannelsLast(dy, DType.F16);
              Tensor y = gpu.convolutions().forward(xh, wh, null, g);
              Tensor dw = gpu.convolutions().backwardWeight(xh, dyh, wh, null, g);
              Tensor dx = gpu.convolutions().backwardData(dyh, wh, x.shape(), g)) {
            assertEquals(ws, dw.shape());
            assertSame(wh.layout(), dw.layout());
            String what = c + " channels" + (last ? ", channels-last" : "");
            same(memory, want, y, 0.02, what);
            same(memory, wantW, dw, 0.02, what);
            same(memory, wantX, dx, 0.02, what);
          }
        }
      }
    }
  }

  // ---- helpers ----

  private void agree(CudaBackend gpu, double tolerance, int reorders, Op op) {
    for (long[] s : SHAPES) {
      try (Tensor x = gpu.memory().upload(draw.coarse(s));
          Tensor y = gpu.memory().upload(draw.away(s))) {
        for (DType type : List.of(DType.F32, DType.F16)) {
          try (Tensor a = gpu.memory().cast(x, type);
              Tensor b = gpu.memory().cast(y, type)) {
            compare(gpu, tolerance, reorders, type + " " + what(s), op, a, b);
          }
        }
      }
    }
  }

  /** Row-major and channels-last, the latter with that many conversions at most. */
  private void compare(
      CudaBackend gpu, double tolerance, int reorders, String what, Op op, Tensor x, Tensor y) {
    CudaMemory memory = (CudaMemory) gpu.memory();
    draw.restart();
    List<Tensor> want = op.on(gpu, x, y);
    try (Tensor a = memory.toChannelsLast(x, x.dtype());
        Tensor b = memory.toChannelsLast(y, y.dtype())) {
      draw.restart();
      long before = memory.reorders();
      List<Tensor> got = op.on(gpu, a, b);
      assertEquals(reorders, memory.reorders() - before, "conversions of " + what);
      for (int i = 0; i < want.size(); i++) {
        assertEquals(want.get(i).dtype(), got.get(i).dtype(), what);
        same(memory, want.get(i), got.get(i), tolerance, what + ", result " + i);
      }
      got.forEach(Tensor::close);
    }
    want.forEach(Tensor::close);
  }

  private static void same(CudaMemory memory, Tensor a, Tensor b, double tolerance, String what) {
    assertEquals(a.shape(), b.shape(), what);
    double[] want = memory.download(a).toDoubles();
    double[] got = memory.download(b).toDoubles();
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i], got[i], tolerance * (1 + Math.abs(want[i])), what + ", element " + i);
    }
  }

  private static String what(long[] shape) {
    return Arrays.toString(shape) + ", seed " + SEED;
  }

  private static float[] ones(int n) {
    float[] v = new float[n];
    Arrays.fill(v, 0.5f);
    return v;
  }
}
