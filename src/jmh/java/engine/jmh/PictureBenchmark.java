package engine.jmh;

import engine.data.image.ImageDecoder;
import engine.data.image.PixelImage;
import engine.data.transform.LateAugmentation;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import engine.data.transform.Transform;
import engine.data.transform.Transforms;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What happens to one picture of 500x375 on its way to the network, on one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PictureBenchmark {
  private static final int WIDTH = 500;
  private static final int HEIGHT = 375;

  private byte[] jpeg;
  private PixelImage picture;
  private Transform crop;
  private LateAugmentation late;
  private Transform training;
  private Transform evaluation;
  private SplittableRandom random;

  /** Waves and some noise, which compress about as photographs do. */
  @Setup(Level.Trial)
  public void draw() throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_INT_RGB);
    SplittableRandom noise = new SplittableRandom(1);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double wave = Math.sin(x * 0.05) + Math.cos(y * 0.08 + x * 0.01);
        int v = (int) Math.clamp(128 + 50 * wave + 10 * noise.nextGaussian(), 0, 255);
        image.setRGB(x, y, v << 16 | (255 - v) << 8 | v / 2);
      }
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "jpeg", bytes);
    jpeg = bytes.toByteArray();
    picture = ImageDecoder.decode(jpeg, "picture.jpg", false);
    crop = Transforms.randomResizedCrop(224);
    late = new LateAugmentation(0.5, 0.2, 0, Normalization.IMAGENET);
    training = Transforms.compose(crop, late.onHost());
    evaluation = Transforms.compose(Transforms.resize(256), Transforms.centerCrop(224));
    random = new SplittableRandom(2);
  }

  /** libjpeg-turbo, to the bits of Pillow. */
  @Benchmark
  public PixelImage decodeJpeg() throws IOException {
    return ImageDecoder.decode(jpeg, "picture.jpg", false);
  }

  /** What the JDK offers, for comparison. */
  @Benchmark
  public BufferedImage decodeJpegByImageIo() throws IOException {
    return ImageIO.read(new ByteArrayInputStream(jpeg));
  }

  /** Random-resized crop, flip, brightness and contrast. */
  @Benchmark
  public PixelImage augment() {
    return training.apply(picture, random);
  }

  /** What is left of that where a GPU flips and jitters: the crop, and drawing the numbers. */
  @Benchmark
  public PictureDraw cropAndDraw() {
    PixelImage sized = crop.apply(picture, random);
    return late.draw(sized.height(), sized.width(), random);
  }

  /** Resize to 256 and centre crop. */
  @Benchmark
  public PixelImage prepareForEvaluation() {
    return evaluation.apply(picture, random);
  }
}
