package engine.convert;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import engine.OnEveryDevice;
import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.model.Network;
import engine.model.NetworkConfig;
import engine.model.NetworkOptions;
import engine.onnx.OnnxExport;
import engine.onnx.Ort;
import engine.quant.Int8File;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of network has an int8 form, layers of which may stay in real numbers. */
final class QuantizedNetworksTest {
  private static final int CLASSES = 5;
  private static final int SIDE = 64;

  /** What is quantised: a model, as thin as it gets, and its attention. */
  record Subject(String model, double width, String attention) {
    Network network(Backend b) {
      var o = new NetworkOptions(width, "standard", attention, false, 0, 3, CLASSES);
      SplittableRandom random = new SplittableRandom(model.hashCode());
      Network network = NetworkConfig.of(model, o).create(b, random);
      if (!model.startsWith("resnet") && !model.startsWith("convnext")) {
        network.loadPart(b, keepingVariance(network.shapes(), random));
      }
      return network;
    }

    /** Filters that new norms, which have seen nothing, do not let values die out behind. */
    private static Map<String, HostTensor> keepingVariance(
        Map<String, Shape> shapes, SplittableRandom random) {
      Map<String, HostTensor> filters = new HashMap<>();
      shapes.forEach(
          (name, s) -> {
            if (s.rank() == 4) {
              float[] w = new float[Math.toIntExact(s.elements())];
              double deviation = Math.sqrt(1.6 * s.dim(0) / w.length);
              for (int i = 0; i < w.length; i++) {
                w[i] = (float) (deviation * random.nextGaussian());
              }
              filters.put(name, HostTensor.of(w, s.dims()));
            }
          });
      return filters;
    }
  }

  private static final List<Subject> SUBJECTS =
      List.of(
          new Subject("resnet18", 0.125, "cbam"),
          new Subject("resnet50", 0.0625, "cbam-paper"),
          new Subject("efficientnet_b0", 0.25, "none"),
          new Subject("efficientnet_lite0", 0.25, "none"),
          new Subject("convnext_tiny", 0.125, "none"),
          new Subject("mobilenet_v2", 0.25, "none"),
          new Subject("mobilenet_v3_small", 0.5, "none"));

  private final Backend cpu = TestDevices.cpu();
  @TempDir private Path folder;

  static List<Subject> subjects() {
    return SUBJECTS;
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void answersAreTheRealNetworksButForTheRounding(Subject s) {
    try (var _ = TestDevices.noLeaks(cpu);
        Network real = s.network(cpu)) {
      HostTensor x = images(4, SIDE, 7);
      Int8Graph g = quantized(real);
      float[] want = answers(real, x);
      float[] got = answers(cpu, g, x);
      assertTrue(distance(want, got) < 0.15, distance(want, got) + " apart");
      Int8Graph read = Int8File.read(Int8File.tensors(g), Int8File.describe(g), "memory");
      assertArrayEquals(got, answers(cpu, read, x), 0);
      try (Int8Network n = cpu.int8Networks().compile(g);
          Tensor t = cpu.memory().upload(x)) {
        n.run(t);
        n.implementations()
            .forEach((layer, how) -> assertFalse(how.contains("ref"), layer + ": " + how));
        assertArrayEquals(got, n.run(t).toFloats(), 0, "a second run");
      }
    }
  }

  @OnEveryDevice
  void everyDeviceGivesTheSameAnswers(Backend device) {
    for (Subject s : List.of(SUBJECTS.get(0), SUBJECTS.get(2))) {
      Int8Graph g;
      try (Network real = s.network(cpu)) {
        g = quantized(real);
      }
      HostTensor x = images(1, 32, 9);
      try (var _ = TestDevices.noLeaks(device)) {
        float[] want = answers(cpu, g, x);
        float[] got = answers(device, g, x);
        assertTrue(distance(want, got) < 0.05, s + ": " + distance(want, got) + " apart");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void onnxRuntimeGivesTheSameAnswers(Subject s) throws IOException, OrtException {
    try (Network real = s.network(cpu)) {
      Int8Graph g = quantized(real);
      var o =
          new OnnxExport.Options(
              17, false, false, false, false, null, new OnnxExport.Size(SIDE, SIDE));
      Path file = folder.resolve("net.onnx");
      var producer = new OnnxExport.Producer("engine", "test");
      OnnxExport.write(file, OnnxExport.of(g, o, producer, Map.of()), false, false, _ -> {});
      HostTensor x = images(4, SIDE, 7);
      double apart = Ort.distance(answers(cpu, g, x), Ort.run(file, x));
      // A byte on an edge may fall on its other side, and move what follows.
      assertTrue(apart < 0.05, apart + " apart");
    }
  }

  private Int8Graph quantized(Network real) {
    try (RangeCalibration c = new RangeCalibration(cpu, real, 100)) {
      c.see(cpu.memory().upload(images(4, SIDE, 7)));
      c.see(cpu.memory().upload(images(4, SIDE, 8)));
      return c.convert("");
    }
  }

  private float[] answers(Network real, HostTensor x) {
    try (Tape tape = Tape.inference(cpu)) {
      return cpu.memory()
          .download(real.forward(tape, tape.constant(cpu.memory().upload(x))).value())
          .toFloats();
    }
  }

  private static float[] answers(Backend b, Int8Graph g, HostTensor x) {
    try (Int8Network n = b.int8Networks().compile(g);
        Tensor t = b.memory().upload(x)) {
      return n.run(t).toFloats();
    }
  }

  private static HostTensor images(int n, int side, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[n * 3 * side * side];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) (random.nextGaussian() + Math.sin(i * 0.01 * (1 + i / (3 * side * side))));
    }
    return HostTensor.of(x, n, 3, side, side);
  }

  /** The largest difference as a share of the largest value. */
  private static double distance(float[] a, float[] b) {
    assertEquals(a.length, b.length);
    double worst = 0;
    double largest = 0;
    for (int i = 0; i < a.length; i++) {
      worst = Math.max(worst, Math.abs(a[i] - b[i]));
      largest = Math.max(largest, Math.abs(a[i]));
    }
    return worst / largest;
  }
}
