package engine.verify;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.data.transform.Mixing;
import engine.picture.Mix;
import engine.picture.MixedTargets;
import engine.picture.Region;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Mixup and CutMix against torchvision's references, by the code that mixes training batches. */
final class MixingCase {
  private MixingCase() {}

  static void run(ReferenceCase c, Backend device, Checks checks) {
    HostTensor x = c.in("x");
    Shape s = x.shape();
    JsonObject a = c.attrs();
    int[] labels = Arrays.stream(c.in("target").toLongs()).mapToInt(Math::toIntExact).toArray();
    MixedTargets targets = MixedTargets.oneHot(a.get("K").getAsInt());
    double lambda = a.get("lam").getAsDouble();

    Mix blend = new Mix(lambda, null);
    checks.array("out.mixup_x", blended(device, x, blend));
    checks.array("out.mixup_y", rows(targets, labels, blend));

    int centreX = a.get("r_x").getAsInt();
    int centreY = a.get("r_y").getAsInt();
    Mix cut = Mixing.cut(s.size(2), s.size(3), lambda, centreX, centreY);
    int[] box = a.getAsJsonArray("box").asList().stream().mapToInt(v -> v.getAsInt()).toArray();
    checks.that("the box of cutmix", isBox(cut.box(), box));
    checks.scalar(
        "the lambda of cutmix", a.get("cutmix_lambda").getAsDouble(), cut.lambda(), 1e-12);
    checks.array("out.cutmix_x", pasted(x, cut));
    checks.array("out.cutmix_y", rows(targets, labels, cut));
  }

  private static HostTensor blended(Backend device, HostTensor x, Mix mix) {
    try (Tensor images = device.memory().upload(x)) {
      device.elementwise().mixupInPlace(images, mix.ownValues());
      return device.memory().download(images);
    }
  }

  private static HostTensor pasted(HostTensor x, Mix mix) {
    int count = x.shape().size(0);
    int channels = x.shape().size(1);
    byte[] pixels = FloatPixels.of(x, count, channels);
    if (mix.box() != null) {
      int pixelBytes = channels * Float.BYTES;
      Mixing.paste(MemorySegment.ofArray(pixels), count, x.shape().size(3), pixelBytes, mix.box());
    }
    return HostTensor.of(FloatPixels.toPlanes(pixels, count, channels), x.shape().dims());
  }

  private static HostTensor rows(MixedTargets targets, int[] labels, Mix mix) {
    return HostTensor.of(targets.of(labels, mix), labels.length, targets.classes());
  }

  /**
   * @param expected left, top, right, bottom; the last two excluded
   */
  private static boolean isBox(Region box, int[] expected) {
    return box == null
        ? expected[0] >= expected[2] || expected[1] >= expected[3]
        : Arrays.equals(expected, new int[] {box.left(), box.top(), box.right(), box.bottom()});
  }
}
