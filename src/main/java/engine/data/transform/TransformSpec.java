package engine.data.transform;

import com.google.gson.Gson;
import engine.base.JsonText;
import engine.base.UserError;
import engine.data.image.PixelImage;
import java.util.Arrays;

/**
 * The preprocessing of an evaluation: convert to {@code channels}, pad, resize, crop the centre,
 * normalise. It travels in a checkpoint as JSON, so that a prediction treats a picture as training
 * did.
 *
 * @param channels 1 (gray) or 3 (RGB)
 * @param pad black pixels on each side, before all else
 * @param resize the shorter side after resizing, or 0 to leave the size
 * @param crop side of the central square, or 0 to leave the size
 * @param interpolation of the resize
 * @param mean per channel, on the scale 0..1
 * @param std per channel
 */
public record TransformSpec(
    int channels,
    int pad,
    int resize,
    int crop,
    Interpolation interpolation,
    float[] mean,
    float[] std) {
  private static final Gson GSON = new Gson();

  public TransformSpec {
    if (mean == null || std == null || interpolation == null) {
      throw new IllegalArgumentException("a preprocessing has means, deviations, interpolation");
    }
    Normalization n = new Normalization(mean, std);
    if (channels != n.channels()) {
      throw new IllegalArgumentException(
          "a preprocessing for " + channels + " channels cannot have " + n.channels() + " means");
    }
    if (pad < 0 || resize < 0 || crop < 0) {
      throw new IllegalArgumentException(
          "pad, resize and crop are 0 or more, not " + pad + ", " + resize + " and " + crop);
    }
    mean = mean.clone();
    std = std.clone();
  }

  /** torchvision's evaluation of ImageNet models: shorter side to size * 256 / 224, then crop. */
  public static TransformSpec imageNetEval(int imageSize) {
    return new TransformSpec(
        3,
        0,
        Math.multiplyExact(imageSize, 256) / 224,
        imageSize,
        Interpolation.BILINEAR,
        Normalization.IMAGENET.mean(),
        Normalization.IMAGENET.std());
  }

  /**
   * Small gray pictures (Fashion-MNIST) at their own size with a black border; for colour, add
   * {@code .with(Normalization.CIFAR10)}.
   */
  public static TransformSpec small(int pad) {
    return new TransformSpec(
        1,
        pad,
        0,
        0,
        Interpolation.BILINEAR,
        Normalization.FASHION_MNIST.mean(),
        Normalization.FASHION_MNIST.std());
  }

  /** This with another normalization, and as many channels as it has. */
  public TransformSpec with(Normalization n) {
    return new TransformSpec(n.channels(), pad, resize, crop, interpolation, n.mean(), n.std());
  }

  /** The same for pictures of another size; the border around a central crop keeps its share. */
  public TransformSpec atSize(int size) {
    int shorter = crop > 0 ? Math.toIntExact((long) Math.max(resize, crop) * size / crop) : size;
    return new TransformSpec(channels, pad, shorter, crop > 0 ? size : 0, interpolation, mean, std);
  }

  /** The same with the whole of a picture kept after the resize. */
  public TransformSpec withoutCrop() {
    return new TransformSpec(channels, pad, resize, 0, interpolation, mean, std);
  }

  public Normalization normalization() {
    return new Normalization(mean, std);
  }

  /** Everything up to the normalization; draws no random numbers, so the generator may be null. */
  public Transform evalTransform() {
    Transform channel = channels == 3 ? Transforms.toRgb() : Transforms.grayscale(1);
    return Transforms.compose(
        channel, Transforms.pad(pad), (image, random) -> resizeAndCrop(image));
  }

  /** Resize and central crop in one, so that only what the crop keeps is computed. */
  private PixelImage resizeAndCrop(PixelImage image) {
    Resize to = resize == 0 ? null : new Resize(resize, 0, 0, interpolation);
    int width = to == null ? image.width() : to.outputWidth(image);
    int height = to == null ? image.height() : to.outputHeight(image);
    Region window =
        crop == 0 ? Region.whole(width, height) : Crops.central(width, height, crop, crop);
    if (width == image.width() && height == image.height()) {
      return Crops.crop(image, window);
    }
    Region all = Region.whole(image.width(), image.height());
    if (window.inside(width, height)) {
      return Resampler.resize(image, all, width, height, window, interpolation);
    }
    return Crops.crop(Resampler.resize(image, all, width, height, interpolation), window);
  }

  public String toJson() {
    return GSON.toJson(this);
  }

  /**
   * Reads what {@link #toJson} wrote.
   *
   * @throws UserError if it is no JSON, or lacks something, or holds what cannot be
   */
  public static TransformSpec fromJson(String json) {
    RuntimeException cause = null;
    try {
      TransformSpec spec = GSON.fromJson(JsonText.object(json), TransformSpec.class);
      if (spec != null) {
        return spec;
      }
    } catch (RuntimeException e) {
      cause = e;
    }
    throw new UserError(
        "the preprocessing stored with the checkpoint is damaged ("
            + json
            + "): train again or restore state.json from a copy",
        cause);
  }

  @Override
  public float[] mean() {
    return mean.clone();
  }

  @Override
  public float[] std() {
    return std.clone();
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof TransformSpec s
        && channels == s.channels
        && pad == s.pad
        && resize == s.resize
        && crop == s.crop
        && interpolation == s.interpolation
        && Arrays.equals(mean, s.mean)
        && Arrays.equals(std, s.std);
  }

  @Override
  public int hashCode() {
    return toString().hashCode();
  }

  @Override
  public String toString() {
    return toJson();
  }
}
