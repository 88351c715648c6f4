package engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OrtException;
import engine.TestDevices;
import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.Int8Graph;
import engine.backend.Int8Network;
import engine.base.UserError;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.quant.Int8Conversion;
import engine.quant.Int8File;
import engine.quant.QuantizerSet;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the engine exports, ONNX Runtime answers as the engine does. */
final class OnnxRuntimeTest {
  private static final OnnxExport.Producer ENGINE = new OnnxExport.Producer("engine", "test");

  private final Backend cpu = TestDevices.cpu();
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "18, 8, 17, false",
    "50, 8, 17, true",
    "50, 8, 13, false",
    "18, 64, 17, false",
    "50, 64, 17, false"
  })
  void fp32AgreesAtBatches1And5(int depth, int width, int opset, boolean keepNorms)
      throws IOException, OrtException {
    try (var _ = TestDevices.noLeaks(cpu);
        ResNet net = net(depth, width)) {
      var o =
          new OnnxExport.Options(
              opset, keepNorms, false, false, width == 8, null, new OnnxExport.Size(64, 64));
      OnnxModel m = OnnxExport.of(net.graph(cpu, Shape.of(2, 3, 64, 64)), o, ENGINE, Map.of());
      Path file = folder.resolve("net.onnx");
      OnnxExport.write(file, m, o.external(), false, _ -> {});
      for (int n : new int[] {1, 5}) {
        HostTensor x = Ort.images(n, 64, n);
        HostTensor want;
        try (Tape tape = Tape.inference(cpu)) {
          want =
              cpu.memory()
                  .download(net.forward(tape, tape.constant(cpu.memory().upload(x))).value());
        }
        assertTrue(Ort.distance(want.toFloats(), Ort.run(file, x)) < 1e-4);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void int8AgreesInTheAnswerAndKeepsItsFile(boolean byteSums) throws IOException, OrtException {
    try (ResNet net = net(18, 16)) {
      Int8Graph g = int8(net, 64);
      Int8Graph read = Int8File.read(Int8File.tensors(g), Int8File.describe(g), "memory");
      Path file = exported(read, byteSums);
      HostTensor x = Ort.images(64, 64, 7);
      try (Int8Network device = cpu.int8Networks().compile(read);
          Tensor t = cpu.memory().upload(x)) {
        float[] want = device.run(t).toFloats();
        float[] got = Ort.run(file, x);
        int same = 0;
        for (int i = 0; i < 64; i++) {
          same += best(want, i) == best(got, i) ? 1 : 0;
        }
        assertTrue(same >= 63, same + " of 64 answers are the same");
        assertTrue(Ort.distance(want, got) < 0.1, Ort.distance(want, got) + " apart");
      }
    }
  }

  @Test
  void withSumsOfBytesOnnxRuntimeConvolvesAndAddsNothingButBytes()
      throws IOException, OrtException {
    try (ResNet net = net(50, 16)) {
      Int8Graph g = int8(net, 64);
      Map<String, Long> fused = Ort.optimized(exported(g, true));
      assertEquals(53, fused.get("QLinearConv"), fused.toString());
      assertEquals(16, fused.get("QLinearAdd"), fused.toString());
      assertFalse(fused.containsKey("Conv") || fused.containsKey("FusedConv"), fused.toString());
      // One rounding a sum: the convolution before it is computed in fp32.
      assertEquals(37, Ort.optimized(exported(g, false)).get("QLinearConv"));
    }
  }

  private Path exported(Int8Graph g, boolean byteSums) throws IOException {
    var o =
        new OnnxExport.Options(
            17, false, false, byteSums, false, null, new OnnxExport.Size(64, 64));
    Path file = folder.resolve(byteSums + ".onnx");
    OnnxExport.write(file, OnnxExport.of(g, o, ENGINE, Map.of()), false, false, _ -> {});
    return file;
  }

  @Test
  void noLayerOfAnInt8NetworkRunsOnAReferenceKernel() {
    try (var _ = TestDevices.noLeaks(cpu)) {
      for (int depth : new int[] {18, 50}) {
        try (ResNet net = net(depth, 64);
            Int8Network device = cpu.int8Networks().compile(int8(net, 64));
            Tensor x = cpu.memory().upload(Ort.images(1, 64, 1))) {
          device.run(x);
          assertTrue(device.implementations().containsKey("layer1.0.conv1"));
          device
              .implementations()
              .forEach((layer, how) -> assertFalse(how.contains("ref"), layer + ": " + how));
        }
      }
    }
  }

  @Test
  void aFileThatIsThereOrWrongIsLeftAlone() throws IOException {
    try (ResNet net = net(18, 8)) {
      var o =
          new OnnxExport.Options(17, false, false, false, false, null, new OnnxExport.Size(64, 64));
      OnnxModel m = OnnxExport.of(net.graph(cpu, Shape.of(1, 3, 64, 64)), o, ENGINE, Map.of());
      Path file = folder.resolve("net.onnx");
      assertThrows(
          UserError.class,
          () ->
              OnnxExport.write(
                  file,
                  m,
                  true,
                  false,
                  _ -> {
                    throw new UserError("other answers");
                  }));
      try (Stream<Path> left = Files.list(folder)) {
        assertEquals(0, left.count(), "a failed export leaves nothing");
      }
      Files.writeString(file, "mine");
      assertThrows(UserError.class, () -> OnnxExport.write(file, m, false, false, _ -> {}));
      assertEquals("mine", Files.readString(file));
    }
  }

  private ResNet net(int depth, int width) {
    var config = new ResNetConfig(depth, width, 3, 10, ResNetConfig.Stem.STANDARD, 0, false);
    return new ResNet(cpu, config, new SplittableRandom(depth));
  }

  private Int8Graph int8(ResNet net, int side) {
    try (QuantizerSet set = new QuantizerSet(cpu, new QuantizerSet.Config(0, 100), 8)) {
      set.round(false);
      net.roundWith(set);
      try (Tape tape = Tape.inference(cpu)) {
        net.forward(tape, tape.constant(cpu.memory().upload(Ort.images(4, 64, 3))));
      }
      set.observe(false);
      set.check();
      Int8Graph g = Int8Conversion.convert(net.graph(cpu, Shape.of(1, 3, side, side)), set, "");
      net.roundWith(null);
      return g;
    }
  }

  private static int best(float[] y, int row) {
    int best = 0;
    for (int c = 1; c < 10; c++) {
      best = y[row * 10 + c] > y[row * 10 + best] ? c : best;
    }
    return best;
  }
}
