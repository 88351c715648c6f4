package engine.verify.self;

import engine.backend.Activation;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.backend.PoolGeometry;
import engine.backend.RealOp;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A small network of bytes against the CPU's: convolutions, a residual, poolings and a product. A
 * value on the edge between two steps may come out a step away, which logits show little of.
 */
final class Int8Check implements Check {
  private static final double TOLERANCE = 0.02;
  private static final int CHANNELS = 16;
  private static final QuantizedType GRID = new QuantizedType(0.05f, 0, DType.U8);
  private static final int SIDE = 17;

  private final OpCheck.Devices on;
  private final SplittableRandom random = new SplittableRandom(20261130);

  Int8Check(OpCheck.Devices on) {
    this.on = on;
  }

  @Override
  public String name() {
    return "kernels/a network of int8";
  }

  @Override
  public String run() {
    Int8Graph graph = graph();
    HostTensor x = new Drawing().normal(2, 3, SIDE, SIDE);
    byte[] pixels = new byte[2 * SIDE * SIDE * 3];
    random.nextBytes(pixels);
    Agreement agreement = new Agreement(TOLERANCE);
    HostTensor[] right = results(on.cpu(), graph, x, pixels);
    HostTensor[] got = results(on.device(), graph, x, pixels);
    agreement.compare("logits", right[0], got[0]);
    agreement.compare("logits of pixels", right[1], got[1]);
    return agreement.toString();
  }

  private static HostTensor[] results(Backend b, Int8Graph graph, HostTensor x, byte[] pixels) {
    try (Int8Network network = b.int8Networks().compile(graph);
        Tensor images = b.memory().upload(x);
        Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(pixels.length, 64);
      bytes.copyFrom(MemorySegment.ofArray(pixels));
      float[] half = {0.5f, 0.5f, 0.5f};
      return new HostTensor[] {network.run(images), network.run(bytes, 2, SIDE, SIDE, half, half)};
    }
  }

  private Int8Graph graph() {
    Map<String, QuantizedType> grids = new LinkedHashMap<>();
    grids.put("x", new QuantizedType(0.02f, 117, DType.U8));
    for (String value :
        List.of(
            "stem", "pooled", "a", "sum", "deep", "grouped", "silu", "gated", "added", "scaled",
            "mean")) {
      grids.put(value, GRID);
    }
    Conv2dGeometry three = Conv2dGeometry.of(1, 1, 1);
    List<Int8Layer> layers =
        List.of(
            conv("x", "stem", null, 3, 0.02f, Conv2dGeometry.of(2, 1, 1)),
            new Int8Layer.MaxPool("pool", "stem", "pooled", PoolGeometry.of(3, 2, 1)),
            conv("pooled", "a", null, CHANNELS, GRID.scale(), three),
            conv("a", "sum", "pooled", CHANNELS, GRID.scale(), three),
            conv("sum", "deep", null, 1, GRID.scale(), Conv2dGeometry.of(1, 1, CHANNELS)),
            conv("deep", "grouped", null, CHANNELS / 2, GRID.scale(), Conv2dGeometry.of(1, 1, 2)),
            real("silu", new RealOp.Activate(Activation.SILU), "grouped"),
            new Int8Layer.GlobalAveragePool("squeeze", "silu", "squeeze"),
            real("gate", new RealOp.Activate(Activation.SIGMOID), "squeeze"),
            real("gated", RealOp.Combine.PRODUCT, "silu", "gate"),
            real("added", RealOp.Combine.SUM, "gated", "silu"),
            real("most", new RealOp.OverChannels(true), "added"),
            real("scaled", RealOp.Combine.SUM, "added", "most"),
            new Int8Layer.GlobalAveragePool("mean", "scaled", "mean"),
            new Int8Layer.Linear(
                "fc",
                "mean",
                "y",
                new Int8Layer.Parameters(bytes(5, CHANNELS), floats(5, 0.003f), ints(5, 900))));
    return new Int8Graph("x", 3, "y", grids, layers);
  }

  private static Int8Layer real(String output, RealOp op, String... inputs) {
    return new Int8Layer.Real(output, op, List.of(inputs), output, Map.of());
  }

  private Int8Layer conv(
      String in, String out, String residual, int channels, float scale, Conv2dGeometry g) {
    // Results of about 40 steps: sums of products, each about 50 times 37.
    double spread = Math.sqrt(channels * 9.0) * 50 * 37;
    float weights = (float) (40 * GRID.scale() / scale / spread);
    return new Int8Layer.Conv(
        out,
        in,
        residual,
        out,
        new Int8Layer.Parameters(
            bytes(CHANNELS, channels, 3, 3),
            floats(CHANNELS, weights),
            ints(CHANNELS, (int) spread)),
        g,
        true);
  }

  private HostTensor bytes(long... shape) {
    byte[] w = new byte[Math.toIntExact(Shape.of(shape).elements())];
    for (int i = 0; i < w.length; i++) {
      w[i] = (byte) random.nextInt(-127, 128);
    }
    return new HostTensor(DType.I8, Shape.of(shape), MemorySegment.ofArray(w));
  }

  private float[] floats(int n, float about) {
    float[] s = new float[n];
    for (int i = 0; i < n; i++) {
      s[i] = about * (0.5f + random.nextFloat());
    }
    return s;
  }

  private int[] ints(int n, int most) {
    return random.ints(n, -most, most + 1).toArray();
  }
}
