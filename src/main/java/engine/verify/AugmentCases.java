package engine.verify;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Memory;
import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import engine.data.transform.RandomErasing;
import engine.data.transform.TensorResize;
import engine.data.transform.Transforms;
import engine.picture.Normalization;
import engine.picture.Region;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Set;

/**
 * The group {@code augment}: transforms against torchvision on PIL images. Normalisation and mixup
 * are the device's.
 */
public final class AugmentCases implements CaseRunner {
  private static final Set<String> OPS =
      Set.of(
          "transform",
          "adjust_brightness",
          "adjust_contrast",
          "adjust_saturation",
          "adjust_hue",
          "adjust_sharpness",
          "adjust_gamma",
          "to_tensor_normalize",
          "eval_pipeline",
          "tensor_resize",
          "erase",
          "mixup_cutmix",
          "statistics");

  private final Backend device;

  public AugmentCases(Backend device) {
    this.device = device;
  }

  @Override
  public boolean knows(ReferenceCase c) {
    JsonArray ops = c.attrs().getAsJsonArray("ops");
    return OPS.contains(c.op()) && (ops == null || AugmentOps.known(ops));
  }

  @Override
  public void run(ReferenceCase c, Checks checks) throws IOException {
    switch (c.op()) {
      case "transform" -> transform(c, checks);
      case "to_tensor_normalize" -> toTensorNormalize(c, checks);
      case "eval_pipeline" -> evalPipeline(c, checks);
      case "tensor_resize" -> tensorResize(c, checks);
      case "erase" -> erase(c, checks);
      case "mixup_cutmix" -> MixingCase.run(c, device, checks);
      case "statistics" -> RandomCropStatistics.run(c, checks);
      default -> adjust(c, checks);
    }
  }

  private static void transform(ReferenceCase c, Checks checks) throws IOException {
    PixelImage out = transformed(c);
    int[] size = ints(c.attrs(), "out_size_wh");
    checks.that("size of the result", out.width() == size[0] && out.height() == size[1]);
    checks.array("out.u8", pixels(out));
  }

  private static void adjust(ReferenceCase c, Checks checks) throws IOException {
    String name = c.op().substring("adjust_".length());
    PixelImage src = source(c);
    double[] factors = c.in("factors").toDoubles();
    int length = src.data().length;
    byte[] all = new byte[factors.length * length];
    for (int i = 0; i < factors.length; i++) {
      PixelImage out = Transforms.apply(AugmentOps.adjust(name, factors[i]), src);
      System.arraycopy(out.data(), 0, all, i * length, length);
    }
    long[] one = pixels(src).shape().dims();
    long[] shape = new long[one.length + 1];
    shape[0] = factors.length;
    System.arraycopy(one, 0, shape, 1, one.length);
    checks.array("out.u8", HostTensor.of(all, shape));
  }

  private void toTensorNormalize(ReferenceCase c, Checks checks) {
    Shape in = c.in("u8").shape();
    int channels = in.rank() == 3 ? in.size(2) : 1;
    PixelImage image = new PixelImage(in.size(1), in.size(0), channels, c.in("u8").toBytes());
    checks.array("out.tensor", chw(Normalization.none(channels), image));
    if (c.attrs().has("mean")) {
      float[] mean = floats(c.attrs(), "mean");
      float[] std = floats(c.attrs(), "std");
      checks.array("out.normalized", chw(new Normalization(mean, std), image));
    }
  }

  private void evalPipeline(ReferenceCase c, Checks checks) throws IOException {
    checks.array("out.x", chw(Normalization.IMAGENET, transformed(c)));
  }

  private static void tensorResize(ReferenceCase c, Checks checks) {
    HostTensor x = c.in("x");
    int[] size = ints(c.attrs(), "size");
    Shape s = x.shape();
    for (boolean antialias : new boolean[] {true, false}) {
      float[] y =
          TensorResize.bilinear(
              x.toFloats(), s.size(0), s.size(1), s.size(2), size[0], size[1], antialias);
      checks.array(
          antialias ? "out.antialias" : "out.no_antialias",
          HostTensor.of(y, s.dim(0), size[0], size[1]));
    }
  }

  private static void erase(ReferenceCase c, Checks checks) {
    HostTensor x = c.in("x");
    Shape s = x.shape();
    JsonObject a = c.attrs();
    Region region =
        new Region(
            a.get("i").getAsInt(),
            a.get("j").getAsInt(),
            a.get("h").getAsInt(),
            a.get("w").getAsInt());
    byte[] fill = FloatPixels.pixel(a.get("value").getAsFloat(), s.size(0));
    byte[] out = RandomErasing.erase(FloatPixels.of(x, 1, s.size(0)), s.size(2), region, fill);
    float[] y = FloatPixels.toPlanes(out, 1, s.size(0));
    checks.array("out.y", HostTensor.of(y, s.dims()));
  }

  private static PixelImage transformed(ReferenceCase c) throws IOException {
    return Transforms.apply(AugmentOps.parse(c.attrs().getAsJsonArray("ops")), source(c));
  }

  /** The decoder gives three channels; that the picture was gray is told by the result's shape. */
  private static PixelImage source(ReferenceCase c) throws IOException {
    PixelImage rgb = ImageDecoder.decode(c.files().get("src"), false);
    HostTensor result = c.arrays().get("out.u8");
    boolean gray = result != null && result.shape().rank() == (c.has("in.factors") ? 3 : 2);
    return gray ? Transforms.apply(Transforms.grayscale(1), rgb) : rgb;
  }

  /** HWC, or HW of a gray picture. */
  private static HostTensor pixels(PixelImage p) {
    return p.channels() == 1
        ? HostTensor.of(p.data(), p.height(), p.width())
        : HostTensor.of(p.data(), p.height(), p.width(), p.channels());
  }

  private HostTensor chw(Normalization n, PixelImage p) {
    Memory memory = device.memory();
    try (Arena arena = Arena.ofConfined();
        Tensor x = memory.empty(DType.F32, Shape.of(1, p.channels(), p.height(), p.width()))) {
      memory.normalizePixelsInPlace(arena.allocateFrom(JAVA_BYTE, p.data()), n, x);
      return HostTensor.of(memory.download(x).toFloats(), p.channels(), p.height(), p.width());
    }
  }

  private static int[] ints(JsonObject a, String key) {
    return a.getAsJsonArray(key).asList().stream().mapToInt(v -> v.getAsInt()).toArray();
  }

  private static float[] floats(JsonObject a, String key) {
    JsonArray array = a.getAsJsonArray(key);
    float[] out = new float[array.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = array.get(i).getAsFloat();
    }
    return out;
  }
}
