package engine.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.graph.Graph;
import engine.model.Attention;
import engine.model.ConvNextConfig;
import engine.model.EfficientNetConfig;
import engine.model.EfficientNetConfig.Variant;
import engine.model.MobileNetConfig;
import engine.model.Network;
import engine.model.NetworkConfig;
import engine.model.ResNetConfig;
import engine.model.ResNetConfig.BranchEnd;
import engine.model.ResNetConfig.Stem;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever {@code model} builds can be exported, and ONNX Runtime answers as the engine does. */
final class EveryModelExportsTest {
  private static final int SIDE = 64;

  private final Backend cpu = TestDevices.cpu();
  @TempDir private Path folder;

  static List<NetworkConfig> models() {
    List<NetworkConfig> all = new ArrayList<>();
    for (int depth : new int[] {18, 50}) {
      for (Attention attention : Attention.values()) {
        all.add(
            new ResNetConfig(depth, 8, 3, 10, Stem.STANDARD, 0.3, new BranchEnd(true, attention)));
      }
    }
    all.add(new ResNetConfig(18, 8, 3, 10, Stem.SMALL, 0, false));
    for (int scale = 0; scale < 8; scale++) {
      all.add(new EfficientNetConfig(scale, 0.25, 3, 10, 0.2, 0.2));
    }
    for (MobileNetConfig.Generation g : MobileNetConfig.Generation.values()) {
      all.add(new MobileNetConfig(g, 0.25, 3, 10, 0.2));
    }
    all.add(new EfficientNetConfig(Variant.LITE, 0, 0.25, 3, 10, 0.2, 0.2));
    all.add(new EfficientNetConfig(Variant.TENSORFLOW, 1, 0.25, 3, 10, 0.2, 0.2));
    all.add(new ConvNextConfig(List.of(1, 1, 2, 1), 1 / 16.0, 3, 10, 0.2, 0.2));
    return all;
  }

  /** EfficientNets of odd scale keep their norms as nodes; the others' are folded. */
  @ParameterizedTest
  @MethodSource("models")
  void onnxRuntimeAgreesAtBatches1And5(NetworkConfig config) throws IOException, OrtException {
    // Where the padding depends on it, an odd one as well: stages of 47, 24, 12, 6, 3, 2.
    boolean same = config instanceof EfficientNetConfig e && e.padsSame();
    int side = same ? 47 : SIDE;
    boolean keepNorms = config instanceof EfficientNetConfig e && e.scale() % 2 == 1;
    var o =
        new OnnxExport.Options(
            keepNorms ? 13 : 18,
            keepNorms,
            false,
            false,
            false,
            null,
            new OnnxExport.Size(side, side));
    Path file = folder.resolve("net.onnx");
    try (var _ = TestDevices.noLeaks(cpu);
        Network net = config.create(cpu, new SplittableRandom(3))) {
      unsettleNorms(net);
      Graph graph = net.graph(cpu, Shape.of(1, 3, side, side));
      OnnxModel m = OnnxExport.of(graph, o, new OnnxExport.Producer("engine", "test"), Map.of());
      OnnxExport.write(file, m, false, true, _ -> {});
      for (int n : new int[] {1, 5}) {
        HostTensor x = Ort.images(n, side, n);
        double off = Ort.distance(answer(net, x), Ort.run(file, x));
        assertTrue(off < 1e-4, () -> "off by " + off + " at batch " + n);
      }
    }
  }

  private float[] answer(Network net, HostTensor x) {
    try (Tape tape = Tape.inference(cpu)) {
      var y = net.forward(tape, tape.constant(cpu.memory().upload(x)));
      return cpu.memory().download(y.value()).toFloats();
    }
  }

  /** Fresh norms do nothing; these scale and shift, so that a norm folded wrongly shows. */
  private void unsettleNorms(Network net) {
    SplittableRandom random = new SplittableRandom(5);
    Map<String, HostTensor> state = new HashMap<>();
    net.stateDict(cpu)
        .forEach(
            (name, value) -> {
              boolean variance = name.endsWith("running_var");
              boolean mean = name.endsWith("running_mean");
              if (variance || mean) {
                float[] v = new float[(int) value.shape().elements()];
                for (int i = 0; i < v.length; i++) {
                  double g = random.nextGaussian();
                  v[i] = (float) (variance ? Math.exp(0.3 * g) : 0.2 * g);
                }
                state.put(name, HostTensor.of(v, v.length));
              }
            });
    net.loadPart(cpu, state);
  }
}
