package engine.data;

import engine.base.UserError;
import engine.data.image.PixelImage;
import java.util.Arrays;
import java.util.List;

/**
 * Small pictures of one size held in memory, one after the other (N, H, W, C): Fashion-MNIST and
 * CIFAR-10.
 */
final class PackedImages implements Dataset {
  private final String source;
  private final List<String> classNames;
  private final int height;
  private final int width;
  private final int channels;
  private final byte[] pixels;
  private final byte[] labels;

  PackedImages(
      String source,
      List<String> classNames,
      int height,
      int width,
      int channels,
      byte[] pixels,
      byte[] labels) {
    this.source = source;
    this.classNames = classNames;
    this.height = height;
    this.width = width;
    this.channels = channels;
    this.pixels = pixels;
    this.labels = labels;
    for (int i = 0; i < labels.length; i++) {
      if ((labels[i] & 0xff) >= classNames.size()) {
        throw new UserError(
            "%s: label %d of picture %d is not one of 0 to %d: download the set again"
                .formatted(source, labels[i] & 0xff, i, classNames.size() - 1));
      }
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public int label(int i) {
    return labels[i];
  }

  @Override
  public PixelImage load(int i) {
    int bytes = height * width * channels;
    return new PixelImage(
        width, height, channels, Arrays.copyOfRange(pixels, i * bytes, (i + 1) * bytes));
  }

  @Override
  public List<String> classNames() {
    return classNames;
  }

  @Override
  public String name(int i) {
    return source + " #" + i;
  }
}
