package engine.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.TestPictures;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A network with a number that is none answers nothing, whatever a ReLU would hide. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class NonFiniteWeightsTest {
  @TempDir static Path temp;
  private Path data;
  private Path run;
  private Path good;

  @BeforeAll
  void train() throws IOException {
    data = TestPictures.folder(temp.resolve("data"), 20, 32, "a", "b");
    run = temp.resolve("run");
    train(run, "--epochs", 1).assertSucceeds();
    good = run.resolve("checkpoints").resolve("epoch-0001").resolve("model.safetensors");
  }

  private CliRun train(Path out, Object... options) {
    Object[] line = {
      "train",
      "--data",
      data,
      "--out",
      out,
      "--model",
      "resnet18",
      "--width",
      0.0625,
      "--image-size",
      32,
      "--batch",
      8,
      "--json",
      "--workers",
      0
    };
    Object[] all = Arrays.copyOf(line, line.length + options.length);
    System.arraycopy(options, 0, all, line.length, options.length);
    return CliRun.of(all);
  }

  /** The checkpoint with one tensor changed. */
  private Path with(String tensor, UnaryOperator<HostTensor> change) throws IOException {
    SafeTensors.Contents c = SafeTensors.read(good);
    Map<String, HostTensor> tensors = new LinkedHashMap<>(c.tensors());
    assertTrue(tensors.containsKey(tensor), tensor);
    tensors.computeIfPresent(tensor, (_, t) -> change.apply(t));
    Path file = Files.createTempFile(temp, "changed", ".safetensors");
    SafeTensors.write(file, tensors, c.metadata());
    return file;
  }

  private static UnaryOperator<HostTensor> first(float value) {
    return t -> {
      float[] x = t.toFloats();
      x[0] = value;
      return HostTensor.of(x, t.shape().dims());
    };
  }

  private static UnaryOperator<HostTensor> times(float factor) {
    return t -> {
      float[] x = t.toFloats();
      for (int i = 0; i < x.length; i++) {
        x[i] *= factor;
      }
      return HostTensor.of(x, t.shape().dims());
    };
  }

  private Path picture() {
    return data.resolve("a");
  }

  private void assertRefused(Path file, String what) {
    CliRun.of("predict", "--checkpoint", file, picture())
        .assertFails(file + ": its tensor " + what);
  }

  @Test
  void aTensorThatIsNotFiniteIsNamedWhenLoaded() throws IOException {
    for (String layer : new String[] {"conv1.weight", "layer2.0.conv1.weight"}) {
      assertRefused(with(layer, first(Float.NaN)), layer + " holds 1 NaN among ");
    }
    assertRefused(
        with("fc.weight", first(Float.NEGATIVE_INFINITY)), "fc.weight holds 1 inf among ");
    assertRefused(
        with("bn1.running_var", times(Float.NaN)), "bn1.running_var holds 4 NaN among 4 numbers");
    assertRefused(
        with("bn1.running_var", first(-1e-3f)), "bn1.running_var holds 1 negative variance:");
  }

  @Test
  void valuesOfOtherTypesAreCheckedToo() throws IOException {
    UnaryOperator<HostTensor> beyondFloats =
        t -> {
          double[] x = t.toDoubles();
          x[1] = 1e300;
          return HostTensor.of(x, t.shape().dims());
        };
    assertRefused(with("fc.bias", beyondFloats), "fc.bias holds 1 inf among 2 numbers");
    for (DType half : new DType[] {DType.F16, DType.BF16}) {
      short nan = (short) (half == DType.F16 ? 0x7e00 : 0x7fc0);
      UnaryOperator<HostTensor> halves =
          t -> {
            MemorySegment bits = Arena.ofAuto().allocate(2 * t.shape().elements());
            bits.setAtIndex(ValueLayout.JAVA_SHORT_UNALIGNED, 1, nan);
            return new HostTensor(half, t.shape(), bits);
          };
      assertRefused(with("fc.bias", halves), "fc.bias holds 1 NaN among 2 numbers");
    }
  }

  @Test
  void everyCommandThatTakesACheckpointRefusesIt() throws IOException {
    Path bad = with("layer1.0.bn1.running_mean", first(Float.NaN));
    String said = "its tensor layer1.0.bn1.running_mean holds 1 NaN among 4 numbers";
    CliRun.of("eval", "--checkpoint", bad, "--data", data).assertFails(said);
    Path onnx = temp.resolve("bad.onnx");
    CliRun.of("export", "--checkpoint", bad, onnx).assertFails(said);
    assertFalse(Files.exists(onnx));
    train(temp.resolve("from-bad"), "--weights", bad).assertFails(said);
    assertFalse(Files.exists(temp.resolve("from-bad")), "nothing was begun");
    Path copy = temp.resolve("copy");
    Files.createDirectories(copy.resolve("checkpoints/epoch-0001"));
    Files.copy(run.resolve("config.json"), copy.resolve("config.json"));
    Files.copy(bad, copy.resolve("checkpoints/epoch-0001/model.safetensors"));
    Files.writeString(copy.resolve("best"), "epoch-0001\n");
    CliRun.of("quantize", "--checkpoint", copy, "--out", temp.resolve("q")).assertFails(said);
  }

  @Test
  void weightsThatAreNotUsedMayBeAnything() throws IOException {
    Path other = TestPictures.folder(temp.resolve("three"), 8, 32, "a", "b", "c");
    Path bad = with("fc.weight", first(Float.NaN));
    Object[] line = {
      "train",
      "--data",
      other,
      "--out",
      temp.resolve("fresh-fc"),
      "--model",
      "resnet18",
      "--width",
      0.0625,
      "--image-size",
      32,
      "--batch",
      8,
      "--json",
      "--workers",
      0,
      "--epochs",
      1,
      "--weights",
      bad
    };
    CliRun.of(line).assertSucceeds();
  }

  @Test
  void finiteWeightsThatOverflowInsideAreRefused() throws IOException {
    // Every one of these gives finite logits where a ReLU makes 0 of NaN.
    Path one = with("bn1.weight", times(1e38f));
    CliRun.of("predict", "--checkpoint", one, picture()).assertFails(one + " cannot answer: ");
    Path two = with("layer1.0.conv1.weight", times(3e38f));
    CliRun.of("predict", "--checkpoint", two, picture()).assertFails(two + " cannot answer: ");
    Path three = with("layer3.0.bn2.weight", times(1e36f));
    CliRun.of("eval", "--checkpoint", three, "--data", data)
        .assertFails(three + " cannot answer: ");
    CliRun.of("eval", "--checkpoint", three, "--data", data, "--tta", "flip")
        .assertFails(three + " cannot answer: ");
  }

  @Test
  void largeButComputableWeightsAnswer() throws IOException {
    assertEquals(
        0, CliRun.of("predict", "--checkpoint", with("fc.weight", times(1e6f)), picture()).code());
  }
}
