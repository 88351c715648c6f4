package engine.infer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import engine.OnEveryDevice;
import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.base.UserError;
import engine.convert.RangeCalibration;
import engine.data.Datasets;
import engine.data.image.PixelImage;
import engine.quant.Int8File;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.RunSetup;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
import engine.train.TinyRun;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A calibrated network sees what the fp32 one sees, but for the rounding. */
final class Int8ModelTest {
  private static final int SIDE = 64;

  private final Backend cpu = TestDevices.cpu();
  @TempDir private Path temp;

  @Test
  void answersAndFeatureMapsAreThoseOfTheFp32Network() throws IOException {
    Recipe r = TinyRun.recipe(TestPictures.folder(temp, 3, 8, "a", "b", "c"), "width=0.25");
    Datasets.Split data = RunSetup.open(r, _ -> {});
    try (var _ = TestDevices.noLeaks(cpu);
        FloatModel real = FloatModel.untrained(cpu, RunSetup.info(r, data), Precision.FP32, 1);
        Int8Model bytes = quantized(real)) {
      float[] want = real.logits(images(7)).toFloats();
      assertTrue(distance(want, bytes.logits(images(7)).toFloats()) < 0.1);
      PixelImage picture = picture();
      GradCam.Features a = GradCam.features(cpu, real, picture);
      GradCam.Features b = GradCam.features(cpu, bytes, picture);
      assertEquals(a.channels(), b.channels());
      assertEquals(2, b.rows());
      assertEquals(2, b.columns());
      assertTrue(distance(a.values(), b.values()) < 0.1);
      assertTrue(distance(a.weights(), b.weights()) < 0.01);
    }
  }

  @OnEveryDevice
  void everyDeviceGivesTheSameAnswers(Backend device) throws IOException {
    Recipe r = TinyRun.recipe(TestPictures.folder(temp, 3, 8, "a", "b", "c"), "width=0.25");
    Datasets.Split data = RunSetup.open(r, _ -> {});
    try (var _ = TestDevices.noLeaks(device);
        FloatModel real = FloatModel.untrained(cpu, RunSetup.info(r, data), Precision.FP32, 1);
        Int8Model bytes = quantized(real);
        Int8Model there = new Int8Model(device, bytes.graph(), real.info())) {
      HostTensor x = noise(7);
      float[] want = bytes.logits(cpu.memory().upload(x)).toFloats();
      float[] got = there.logits(device.memory().upload(x)).toFloats();
      // They were 1e-7 apart, with every byte of the maps the same; a value on an edge between two
      // steps may fall on the other side where fp32 is added in another order.
      assertTrue(distance(want, got) < 0.01, distance(want, got) + " apart");
      for (int image = 0; image < 2; image++) {
        assertEquals(first(want, 3 * image), first(got, 3 * image));
      }
      GradCam.Features a = GradCam.features(cpu, bytes, picture());
      GradCam.Features b = GradCam.features(device, there, picture());
      assertTrue(distance(a.values(), b.values()) < 0.02);
    }
  }

  /** Of three logits from {@code at} on, the largest. */
  private static int first(float[] logits, int at) {
    int best = 0;
    for (int i = 1; i < 3; i++) {
      best = logits[at + i] > logits[at + best] ? i : best;
    }
    return best;
  }

  @Test
  void aNetworkThatWasWatchedAnswersAsBefore() throws IOException {
    Recipe r = TinyRun.recipe(TestPictures.folder(temp, 3, 8, "a", "b"));
    Datasets.Split data = RunSetup.open(r, _ -> {});
    try (FloatModel real = FloatModel.untrained(cpu, RunSetup.info(r, data), Precision.FP32, 1)) {
      float[] before = real.logits(images(7)).toFloats();
      quantized(real).close();
      assertArrayEquals(before, real.logits(images(7)).toFloats());
    }
  }

  @Test
  void aDescriptionWhoseLayersDoNotFitIsRefused() throws IOException {
    Recipe r = TinyRun.recipe(TestPictures.folder(temp, 3, 8, "a", "b"));
    Datasets.Split data = RunSetup.open(r, _ -> {});
    try (FloatModel real = FloatModel.untrained(cpu, RunSetup.info(r, data), Precision.FP32, 1);
        Int8Model bytes = quantized(real)) {
      load(bytes, _ -> {}).close();
      refuses(bytes, o -> o.addProperty("channels", 1), "sees 1 channel");
      refuses(bytes, o -> o.addProperty("output", "nowhere"), "no layer gives its result");
      refuses(bytes, o -> layer(o, 3).addProperty("input", "nowhere"), "reads nowhere, which no");
      refuses(bytes, o -> conv(o).addProperty("dilationH", 1_000_000_000), "too small");
      refuses(bytes, o -> conv(o).addProperty("padH", 1_000_000_000), "makes pictures larger");
      refuses(bytes, o -> conv(o).addProperty("groups", 7), "does not take an input");
      refuses(bytes, o -> conv(o).addProperty("strideW", 0), "cannot be put together");
      refuses(bytes, o -> layer(o, 0).addProperty("op", "evil"), "cannot be put together");
      refuses(bytes, o -> layer(o, 0).remove("relu"), "cannot be put together");
      refuses(bytes, o -> o.getAsJsonArray("layers").remove(0), "which no layer gives");
    }
  }

  private static JsonObject layer(JsonObject network, int i) {
    return network.getAsJsonArray("layers").get(i).getAsJsonObject();
  }

  private static JsonObject conv(JsonObject network) {
    return layer(network, 0).getAsJsonObject("conv");
  }

  private LoadedModel load(Int8Model model, Consumer<JsonObject> change) throws IOException {
    JsonObject description =
        JsonParser.parseString(Int8File.describe(model.graph())).getAsJsonObject();
    change.accept(description);
    Map<String, String> metadata = new HashMap<>(model.info().toMetadata());
    metadata.put(Int8File.KEY, description.toString());
    Path file = temp.resolve("int8.safetensors");
    SafeTensors.write(file, Int8File.tensors(model.graph()), metadata);
    return LoadedModel.load(cpu, file, Precision.FP32);
  }

  private void refuses(Int8Model model, Consumer<JsonObject> change, String said) {
    String message = assertThrows(UserError.class, () -> load(model, change).close()).getMessage();
    assertTrue(message.contains(said), message);
  }

  private Int8Model quantized(FloatModel real) {
    try (RangeCalibration c = new RangeCalibration(cpu, real.network(), 100)) {
      c.see(images(7));
      c.see(cpu.memory().upload(normalized(picture())));
      return new Int8Model(cpu, c.convert(""), real.info());
    }
  }

  private Tensor images(long seed) {
    return cpu.memory().upload(noise(seed));
  }

  private static HostTensor noise(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[2 * 3 * SIDE * SIDE];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    return HostTensor.of(x, 2, 3, SIDE, SIDE);
  }

  private static PixelImage picture() {
    byte[] pixels = new byte[SIDE * SIDE * 3];
    new SplittableRandom(3).nextBytes(pixels);
    return new PixelImage(SIDE, SIDE, 3, pixels);
  }

  /** ImageNet's mean and deviation, as the model has them. */
  private static HostTensor normalized(PixelImage p) {
    float[] mean = {0.485f, 0.456f, 0.406f};
    float[] std = {0.229f, 0.224f, 0.225f};
    float[] x = new float[3 * SIDE * SIDE];
    for (int i = 0; i < x.length; i++) {
      int c = i / (SIDE * SIDE);
      int pixel = p.data()[i % (SIDE * SIDE) * 3 + c] & 0xff;
      x[i] = (pixel / 255f - mean[c]) / std[c];
    }
    return HostTensor.of(x, 1, 3, SIDE, SIDE);
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
