package engine.backend.cuda.int8;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Conv2dGeometry.Padding;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.PoolGeometry;
import engine.backend.RealOp;
import engine.backend.cuda.CudaBackend;
import engine.backend.cuda.OnEveryGpu;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Networks of bytes on a GPU beside the CPU's, every value of them. Both sum exactly; what follows
 * the sum is fp32 on both, but the GPU adds zero points with the bias and the CPU before the
 * factor. So a value that lies on the edge between two steps, to the last bits, may come out a step
 * away.
 */
final class CudaInt8NetworkTest {
  private static final float SCALE = 0.05f;
  private static final QuantizedType AFTER_RELU = new QuantizedType(SCALE, 0, DType.U8);
  private static final QuantizedType SIGNED = new QuantizedType(SCALE, 0, DType.I8);

  /** Of the values of a layer; there were 0 in most, 1 of 4,320 and 2 of 1,800 in two. */
  private static final double ON_EDGE = 2e-3;

  private final Backend cpu = TestDevices.cpu();
  private final SplittableRandom random = new SplittableRandom(20261124);
  private final Map<String, QuantizedType> grids = new LinkedHashMap<>();
  private final List<Int8Layer> layers = new ArrayList<>();

  /** Everything that layers can be: paddings, strides, residuals, each kind of grid. */
  private Int8Graph network() {
    grids.put("x", new QuantizedType(0.02f, 117, DType.U8));
    conv("x", "stem", null, AFTER_RELU, 3, 12, 7, new Conv2dGeometry(2, 2, 3, 3, 1, 1, 1), true);
    grids.put("pooled", AFTER_RELU);
    layers.add(new Int8Layer.MaxPool("pool", "stem", "pooled", PoolGeometry.of(3, 2, 1)));
    conv("pooled", "a", null, AFTER_RELU, 12, 8, 1, Conv2dGeometry.of(1, 0, 1), true);
    conv("a", "b", null, AFTER_RELU, 8, 20, 3, Conv2dGeometry.of(1, 1, 1), true);
    conv("pooled", "short", null, SIGNED, 12, 24, 1, Conv2dGeometry.of(1, 0, 1), false);
    conv("b", "sum", "short", AFTER_RELU, 20, 24, 1, Conv2dGeometry.of(1, 0, 1), true);
    conv("sum", "c", null, AFTER_RELU, 24, 24, 3, new Conv2dGeometry(1, 1, 1, 2, 1, 2, 1), true);
    // A residual without a ReLU, of bytes without sign, and another grid.
    QuantizedType wide = new QuantizedType(0.07f, 131, DType.U8);
    conv("c", "d", "sum", wide, 24, 24, 3, Conv2dGeometry.of(1, 1, 1), false);
    // A ReLU that saturation does not do.
    conv(
        "d",
        "e",
        "d",
        new QuantizedType(0.06f, 9, DType.U8),
        24,
        24,
        1,
        Conv2dGeometry.of(1, 0, 1),
        true);
    Conv2dGeometry same = new Conv2dGeometry(2, 2, new Padding(0, 1, 1, 0), 1, 1, 1);
    conv("e", "f", null, SIGNED, 24, 36, 3, same, true);
    grids.put("mean", new QuantizedType(0.02f, 3, DType.U8));
    layers.add(new Int8Layer.GlobalAveragePool("mean", "f", "mean"));
    layers.add(
        new Int8Layer.Linear(
            "fc",
            "mean",
            "y",
            new Int8Layer.Parameters(weight(5, 36), scales(5, 0.003f), bias(5, 9_000))));
    return new Int8Graph("x", 3, "y", grids, layers);
  }

  private void conv(
      String in,
      String out,
      String residual,
      QuantizedType grid,
      int channels,
      int outs,
      int kernel,
      Conv2dGeometry g,
      boolean relu) {
    grids.put(out, grid);
    // Results of about 40 steps: sums of taps products, each about 50 times 37.
    double spread = Math.sqrt((double) channels * kernel * kernel) * 50 * 37;
    float scale = (float) (40 * grid.scale() / grids.get(in).scale() / spread);
    layers.add(
        new Int8Layer.Conv(
            out,
            in,
            residual,
            out,
            new Int8Layer.Parameters(
                weight(outs, channels, kernel, kernel),
                scales(outs, scale),
                bias(outs, (int) spread)),
            g,
            relu));
  }

  private HostTensor weight(long... shape) {
    byte[] w = new byte[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < w.length; i++) {
      w[i] = (byte) random.nextInt(-127, 128);
    }
    return new HostTensor(DType.I8, Shape.of(shape), MemorySegment.ofArray(w));
  }

  private float[] scales(int n, float about) {
    float[] s = new float[n];
    for (int i = 0; i < n; i++) {
      s[i] = about * (0.5f + (float) random.nextDouble());
    }
    return s;
  }

  private int[] bias(int n, int most) {
    return random.ints(n, -most, most + 1).toArray();
  }

  @OnEveryGpu
  void everyValueIsAtMostAStepFromTheCpus(CudaBackend gpu) {
    Int8Graph g = network();
    for (Shape shape : List.of(Shape.of(2, 3, 37, 33), Shape.of(1, 3, 8, 9))) {
      HostTensor x = images(shape);
      for (Int8Layer layer : g.layers().subList(0, g.layers().size() - 1)) {
        Int8Graph part = g.upTo(layer.output());
        byte[] want = run(cpu, part, x).toBytes();
        byte[] got = run(gpu, part, x).toBytes();
        int mask = g.grid(layer.output()).dtype() == DType.U8 ? 0xff : -1;
        assertAtMostAStepApart(want, got, mask, layer.name() + " of " + shape);
      }
    }
  }

  private static void assertAtMostAStepApart(byte[] want, byte[] got, int mask, String what) {
    assertEquals(want.length, got.length, what);
    int onEdge = 0;
    boolean varies = false;
    for (int i = 0; i < want.length; i++) {
      int apart = Math.abs((want[i] & mask) - (got[i] & mask));
      assertTrue(apart <= 1, "%s: element %d is %d steps away".formatted(what, i, apart));
      onEdge += apart;
      varies |= want[i] != want[0];
    }
    assertTrue(varies, what + " is the same everywhere: the test sees nothing");
    assertTrue(onEdge <= Math.max(1, want.length * ON_EDGE), what + ": " + onEdge + " on an edge");
  }

  @OnEveryGpu
  void logitsAreTheCpusWithinAStepOfThePooledFeatures(CudaBackend gpu) {
    Int8Graph g = network();
    HostTensor x = images(Shape.of(3, 3, 32, 32));
    float[] want = run(cpu, g, x).toFloats();
    float[] got = run(gpu, g, x).toFloats();
    // One of 36 features a step away moves a logit by at most 127 weights of 0.0045 times 0.02.
    assertArrayEquals(want, got, 127 * 0.0045f * 0.02f);
    for (int image = 0; image < 3; image++) {
      assertEquals(first(want, 5 * image), first(got, 5 * image));
    }
  }

  private static int first(float[] logits, int from) {
    int best = 0;
    for (int i = 1; i < 5; i++) {
      best = logits[from + i] > logits[from + best] ? i : best;
    }
    return best;
  }

  @OnEveryGpu
  void pixelsBecomeTheSameBytesAsOnTheCpu(CudaBackend gpu) {
    Int8Graph stem = network().upTo("stem");
    byte[] pixels = new byte[2 * 20 * 22 * 3];
    random.nextBytes(pixels);
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] std = {0.229f, 0.224f, 0.225f};
    try (Int8Network a = cpu.int8Networks().compile(stem);
        Int8Network b = gpu.int8Networks().compile(stem)) {
      MemorySegment buffer = HostTensor.zeros(DType.U8, Shape.of(pixels.length)).data();
      MemorySegment.copy(MemorySegment.ofArray(pixels), 0, buffer, 0, pixels.length);
      byte[] want = a.run(buffer, 2, 20, 22, mean, std).toBytes();
      byte[] got = b.run(buffer, 2, 20, 22, mean, std).toBytes();
      assertAtMostAStepApart(want, got, 0xff, "the stem");
    }
  }

  @OnEveryGpu
  void aPlanAnswersAgainForOtherImagesAndGivesAllMemoryBack(CudaBackend gpu) {
    Int8Graph g = network();
    try (var _ = TestDevices.noLeaks(gpu);
        Int8Network net = gpu.int8Networks().compile(g)) {
      for (int i = 0; i < 10; i++) {
        // More shapes than are kept, and the first of them once more.
        HostTensor x = images(Shape.of(1, 3, 16 + i % 9, 16));
        try (Tensor t = gpu.memory().upload(x)) {
          assertArrayEquals(run(gpu, g, x).toFloats(), net.run(t).toFloats(), 0, "run " + i);
        }
      }
      assertEquals("int8_max_pool", net.implementations().get("pool"));
      assertTrue(net.implementations().get("stem").startsWith("cudnn engine"));
    }
  }

  /** Groups of one channel and of more, and every layer in real numbers. */
  private Int8Graph groupsAndRealLayers() {
    QuantizedType affine = new QuantizedType(SCALE, 90, DType.U8);
    grids.put("x", new QuantizedType(0.02f, 117, DType.U8));
    conv("x", "wide", null, SIGNED, 3, 24, 3, Conv2dGeometry.of(2, 1, 1), false);
    real("silu", new RealOp.Activate(Activation.SILU), affine, Map.of(), "wide");
    conv("silu", "deep", null, AFTER_RELU, 1, 24, 5, Conv2dGeometry.of(1, 2, 24), true);
    conv("deep", "down", null, affine, 1, 24, 3, Conv2dGeometry.of(2, 1, 24), false);
    conv("silu", "grouped", "deep", SIGNED, 8, 24, 3, Conv2dGeometry.of(1, 1, 3), false);
    conv("grouped", "odd", null, affine, 4, 18, 3, Conv2dGeometry.of(2, 0, 6), true);
    layers.add(new Int8Layer.GlobalAveragePool("squeeze", "down", "squeeze"));
    Map<String, HostTensor> fc = Map.of("w", reals(24, 24, 1, 1), "b", reals(24));
    real("fc", new RealOp.Convolution(Conv2dGeometry.of(1, 0, 1)), null, fc, "squeeze", "w", "b");
    real("gate", new RealOp.Activate(Activation.SIGMOID), null, Map.of(), "fc");
    real("gated", RealOp.Combine.PRODUCT, affine, Map.of(), "down", "gate");
    real("sum", RealOp.Combine.SUM, affine, Map.of(), "gated", "down");
    real("most", new RealOp.OverChannels(true), null, Map.of(), "sum");
    real("pixels", RealOp.Combine.PRODUCT, AFTER_RELU, Map.of(), "sum", "most");
    Map<String, HostTensor> norm = Map.of("g", reals(24), "s", reals(24));
    real("norm", new RealOp.LayerNorm(1, 1e-6f), affine, norm, "pixels", "g", "s");
    grids.put("mean", new QuantizedType(0.02f, 100, DType.U8));
    layers.add(new Int8Layer.GlobalAveragePool("mean", "norm", "mean"));
    Int8Layer.Parameters p = new Int8Layer.Parameters(weight(5, 24), scales(5, 0.003f), bias(5, 9));
    layers.add(new Int8Layer.Linear("y", "mean", "y", p));
    return new Int8Graph("x", 3, "y", grids, layers);
  }

  private void real(
      String out,
      RealOp op,
      QuantizedType grid,
      Map<String, HostTensor> constants,
      String... inputs) {
    if (grid != null) {
      grids.put(out, grid);
    }
    layers.add(new Int8Layer.Real(out, op, List.of(inputs), out, constants));
  }

  private HostTensor reals(long... shape) {
    float[] x = new float[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (0.5 * random.nextGaussian());
    }
    return HostTensor.of(x, shape);
  }

  @OnEveryGpu
  void groupsAndLayersInRealNumbersAreTheCpusToAStep(CudaBackend gpu) {
    Int8Graph g = groupsAndRealLayers();
    HostTensor x = images(Shape.of(2, 3, 17, 14));
    try (var _ = TestDevices.noLeaks(gpu)) {
      for (Int8Layer layer : g.layers()) {
        if (g.grid(layer.output()) != null) {
          Int8Graph part = g.upTo(layer.output());
          int mask = g.grid(layer.output()).dtype() == DType.U8 ? 0xff : -1;
          byte[] want = run(cpu, part, x).toBytes();
          assertAtMostAStepApart(want, run(gpu, part, x).toBytes(), mask, layer.name());
        }
      }
      assertArrayEquals(run(cpu, g, x).toFloats(), run(gpu, g, x).toFloats(), 0.01f);
      try (Int8Network net = gpu.int8Networks().compile(g);
          Tensor t = gpu.memory().upload(x)) {
        assertArrayEquals(net.run(t).toFloats(), net.run(t).toFloats(), 0, "a second run");
        Map<String, String> how = net.implementations();
        assertEquals("int8_depthwise", how.get("deep"));
        assertEquals("int8_grouped", how.get("odd"));
        assertEquals("int8_map", how.get("silu"));
        assertEquals("int8_gate", how.get("gated"));
        assertEquals("int8_add", how.get("sum"));
        assertEquals("fp32", how.get("norm"));
      }
    }
  }

  private static HostTensor run(Backend b, Int8Graph g, HostTensor x) {
    try (Int8Network net = b.int8Networks().compile(g);
        Tensor t = b.memory().upload(x)) {
      return net.run(t);
    }
  }

  private HostTensor images(Shape shape) {
    float[] x = new float[Math.toIntExact(shape.elements())];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(x, shape.dims());
  }
}
