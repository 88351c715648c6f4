package engine.data.transform;

import com.google.gson.Gson;
import com.google.gson.JsonParseException;
import engine.base.JsonFields;
import engine.base.JsonText;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.image.PixelImage;
import engine.picture.Normalization;
import engine.picture.Region;
import java.util.Arrays;
import java.util.Set;

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

  /** Of a picture's side: more than training offers, and far from what fits no memory. */
  private static final int MOST_PIXELS = 8192;

  /** Generous: on a scale of 0 to 1 no picture's mean is above 1. */
  private static final int MOST_MEAN = 1000;

  private static final float LEAST_STD = 1e-6f;

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
    long wanted = crop > 0 ? (long) Math.max(resize, crop) * size / crop : size;
    if (wanted > 2 * MOST_PIXELS) {
      throw new UserError(
          ("pictures of %d pixels would be cut from ones of %,d, since the checkpoint cuts %d from %d: choose a smaller "
                  + Setting.IMAGE_SIZE)
              .formatted(size, wanted, crop, Math.max(resize, crop)));
    }
    int shorter = (int) wanted;
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
    try {
      return checked(JsonFields.read(JsonText.object(json), TransformSpec.class, Set.of()));
    } catch (JsonParseException e) {
      throw new UserError(
          "the preprocessing stored with the checkpoint cannot be used, "
              + e.getMessage()
              + ": use another copy of it, or train again",
          e);
    }
  }

  private static TransformSpec checked(TransformSpec spec) {
    requireUpTo("pad", spec.pad, MOST_PIXELS);
    requireUpTo("resize", spec.resize, MOST_PIXELS);
    requireUpTo("crop", spec.crop, MOST_PIXELS);
    for (int c = 0; c < spec.channels; c++) {
      if (Math.abs(spec.mean[c]) > MOST_MEAN
          || spec.std[c] < LEAST_STD
          || spec.std[c] > MOST_MEAN) {
        throw new JsonParseException(
            "'mean' must be between -%1$d and %1$d and 'std' between %2$s and %1$d, not %3$s and %4$s"
                .formatted(MOST_MEAN, LEAST_STD, spec.mean[c], spec.std[c]));
      }
    }
    return spec;
  }

  private static void requireUpTo(String name, int value, int most) {
    if (value > most) {
      throw new JsonParseException(
          "'%s' must be between 0 and %d, not %d".formatted(name, most, value));
    }
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
