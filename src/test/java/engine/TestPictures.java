package engine;

import engine.picture.Normalization;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import javax.imageio.ImageIO;

/** Folders of small PNG files to train on: noise in a colour of each class. */
public final class TestPictures {
  private TestPictures() {}

  /**
   * Makes {@code root/CLASS/N.png}, {@code perClass} of {@code side} by {@code side} pixels a
   * class.
   */
  public static Path folder(Path root, int perClass, int side, String... classes)
      throws IOException {
    for (int c = 0; c < classes.length; c++) {
      Path folder = Files.createDirectories(root.resolve(classes[c]));
      for (int i = 0; i < perClass; i++) {
        write(folder.resolve("%03d.png".formatted(i)), side, side, 1000L * c + i, 0x303030 << c);
      }
    }
    return root;
  }

  /** Pixels (H, W, C) as a network reads them (C, H, W): the formula, one value at a time. */
  public static float[] normalized(byte[] pixels, Normalization norm) {
    int channels = norm.channels();
    float[] x = new float[pixels.length];
    for (int i = 0; i < x.length; i++) {
      int c = i % channels;
      float v = ((pixels[i] & 0xff) / 255f - norm.mean()[c]) / norm.std()[c];
      x[c * (x.length / channels) + i / channels] = v;
    }
    return x;
  }

  /** Writes one picture; the same seed and tint give the same pixels. */
  public static Path write(Path file, int width, int height, long seed, int tint)
      throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        image.setRGB(x, y, tint ^ (random.nextInt() & 0x7f7f7f));
      }
    }
    ImageIO.write(image, "png", file.toFile());
    return file;
  }
}
