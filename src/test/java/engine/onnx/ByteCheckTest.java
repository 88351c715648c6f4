package engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Conv2dGeometry;
import engine.backend.Int8Graph;
import engine.backend.Int8Graph.QuantizedType;
import engine.backend.Int8Layer;
import engine.backend.Int8Network;
import engine.base.UserError;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.quant.Int8Conversion;
import engine.quant.QuantParams;
import engine.quant.QuantSpec;
import engine.quant.QuantizerSet;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A right int8 graph passes on any picture, and one that is wrong anywhere does not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ByteCheckTest {
  private static final int SIDE = 32;

  private final Backend cpu = TestDevices.cpu();
  private Int8Graph graph;

  @BeforeAll
  void quantize() {
    var config = new ResNetConfig(18, 8, 3, 10, ResNetConfig.Stem.STANDARD, 0, false);
    try (ResNet net = new ResNet(cpu, config, new SplittableRandom(18));
        QuantizerSet set = new QuantizerSet(cpu, new QuantizerSet.Config(0, 100), 8)) {
      set.round(false);
      net.roundWith(set);
      try (Tape tape = Tape.inference(cpu)) {
        net.forward(tape, tape.constant(cpu.memory().upload(Ort.images(4, SIDE, 3))));
      }
      set.observe(false);
      graph = Int8Conversion.convert(net.graph(cpu, Shape.of(1, 3, SIDE, SIDE)), set, "");
      net.roundWith(null);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aRightGraphPassesAndAnswersAsTheEngineToTheLastBits(boolean byteSums) {
    float[] want = run(graph, images(5)).toFloats();
    assertArrayEquals(want, check(graph, graph, byteSums, images(5)), 1e-4f * largest(want));
  }

  /** All results of a layer whose filters are 0 are its biases, wherever on a step they lie. */
  @Test
  void aPrunedLayerPasses() {
    for (String layer : List.of("layer1.0.conv1", "layer2.0.downsample.0", "layer4.1.conv2")) {
      Int8Graph pruned =
          with(
              layer,
              c -> conv(c, HostTensor.zeros(DType.I8, c.weight().shape()), c.bias(), c.relu()));
      check(pruned, pruned, false, images(6));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "conv1, BIAS",
    "layer1.0.conv1, WEIGHT",
    "layer1.0.conv2, BIAS",
    "layer2.0.downsample.0, WEIGHT",
    "layer2.0.conv1, DILATION",
    "layer3.0.downsample.0, RELU",
    "layer4.0.conv2, RESIDUAL",
    "layer1.1.conv1, GRID",
    "layer4.1.conv1, ORDER"
  })
  void aWrongGraphDoesNot(String layer, Fault fault) {
    Int8Graph wrong = fault == Fault.GRID ? shifted(layer) : with(layer, c -> broken(c, fault));
    UserError e =
        assertThrows(
            UserError.class, () -> check(graph, wrong, false, images(7)), fault.toString());
    assertTrue(e.getMessage().contains("gives other answers than the engine ("), e.getMessage());
    assertTrue(e.getMessage().contains("off"), e.getMessage());
  }

  private enum Fault {
    WEIGHT,
    BIAS,
    RELU,
    DILATION,
    RESIDUAL,
    GRID,
    ORDER
  }

  /** The answer of the exported {@code other}, checked against the engine's {@code right}. */
  private float[] check(Int8Graph right, Int8Graph other, boolean byteSums, HostTensor x) {
    var o =
        new OnnxExport.Options(
            17, false, false, byteSums, false, null, new OnnxExport.Size(SIDE, SIDE));
    var producer = new OnnxExport.Producer("engine", "test");
    OnnxModel m = OnnxExport.of(other, o, producer, Map.of());
    ByteCheck check =
        new ByteCheck(
            right,
            byteSums,
            v -> v.equals(right.input()) ? input(right, x) : run(right.upTo(v), x));
    HostTensor y = new OnnxInterpreter(cpu, m, null).run(x, check);
    check.requireAll();
    return y.toFloats();
  }

  private static HostTensor input(Int8Graph g, HostTensor x) {
    QuantizedType grid = g.grid(g.input());
    return new QuantParams(
            QuantSpec.ACTIVATION, new float[] {grid.scale()}, new int[] {grid.zeroPoint()})
        .quantize(x);
  }

  private HostTensor run(Int8Graph g, HostTensor x) {
    try (Int8Network n = cpu.int8Networks().compile(g);
        Tensor t = cpu.memory().upload(x)) {
      return n.run(t);
    }
  }

  private static HostTensor images(long seed) {
    return Ort.images(1, SIDE, seed);
  }

  private Int8Graph with(String layer, UnaryOperator<Int8Layer.Conv> change) {
    List<Int8Layer> layers =
        graph.layers().stream()
            .map(l -> l.name().equals(layer) ? change.apply((Int8Layer.Conv) l) : l)
            .toList();
    assertTrue(!layers.equals(graph.layers()), "there is no layer " + layer);
    return new Int8Graph(graph.input(), graph.channels(), graph.output(), graph.grids(), layers);
  }

  /** The result of a layer read with another zero point. */
  private Int8Graph shifted(String layer) {
    Map<String, QuantizedType> grids = new LinkedHashMap<>(graph.grids());
    String out =
        graph.layers().stream().filter(l -> l.name().equals(layer)).findFirst().get().output();
    grids.computeIfPresent(
        out, (_, g) -> new QuantizedType(g.scale(), g.zeroPoint() + 2, g.dtype()));
    return new Int8Graph(graph.input(), graph.channels(), graph.output(), grids, graph.layers());
  }

  /** A step of a layer's result in units of a channel's bias. */
  private int step(Int8Layer.Conv c, int channel) {
    double unit = (double) graph.grid(c.input()).scale() * c.weightScale()[channel];
    return (int) Math.ceil(graph.grid(c.output()).scale() / unit);
  }

  private Int8Layer.Conv broken(Int8Layer.Conv c, Fault fault) {
    byte[] w = c.weight().toBytes();
    int[] bias = c.bias().clone();
    Conv2dGeometry g = c.geometry();
    switch (fault) {
      case WEIGHT -> w[w.length / 2] = (byte) (w[w.length / 2] > 0 ? -100 : 100);
      case BIAS -> bias[1] += step(c, 1);
      case ORDER -> {
        byte first = w[0];
        System.arraycopy(w, 1, w, 0, w.length - 1);
        w[w.length - 1] = first;
      }
      default -> {}
    }
    HostTensor weight = new HostTensor(DType.I8, c.weight().shape(), MemorySegment.ofArray(w));
    return new Int8Layer.Conv(
        c.name(),
        c.input(),
        fault == Fault.RESIDUAL ? null : c.residual(),
        c.output(),
        new Int8Layer.Parameters(weight, c.weightScale(), bias),
        fault == Fault.DILATION ? new Conv2dGeometry(2, 2, 2, 2, 2, 2, 1) : g,
        (fault == Fault.RELU) != c.relu());
  }

  private static Int8Layer.Conv conv(
      Int8Layer.Conv c, HostTensor weight, int[] bias, boolean relu) {
    return new Int8Layer.Conv(
        c.name(),
        c.input(),
        c.residual(),
        c.output(),
        new Int8Layer.Parameters(weight, c.weightScale(), bias),
        c.geometry(),
        relu);
  }

  private static float largest(float[] x) {
    float most = 0;
    for (float v : x) {
      most = Math.max(most, Math.abs(v));
    }
    return most;
  }
}
