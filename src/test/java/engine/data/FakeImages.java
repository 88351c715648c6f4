package engine.data;

import engine.data.image.PixelImage;
import engine.data.transform.Transform;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/** Pictures of 3x2 RGB pixels whose every byte is their number; some cannot be read. */
public final class FakeImages implements Dataset {
  /**
   * Adds a random byte to every pixel, so that the random stream of a sample shows in the batch.
   */
  public static final Transform NOISE =
      (image, random) -> {
        byte[] data = image.data().clone();
        for (int i = 0; i < data.length; i++) {
          data[i] += (byte) random.nextInt(256);
        }
        return new PixelImage(image.width(), image.height(), image.channels(), data);
      };

  public static final Transform NONE = (image, _) -> image;

  public final AtomicInteger loads = new AtomicInteger();
  private final int size;
  private final Set<Integer> bad;

  public FakeImages(int size, Integer... bad) {
    this.size = size;
    this.bad = Set.of(bad);
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public int label(int i) {
    return i % 3;
  }

  @Override
  public PixelImage load(int i) throws IOException {
    loads.incrementAndGet();
    if (bad.contains(i)) {
      throw new IOException("not a picture");
    }
    byte[] data = new byte[18];
    IntStream.range(0, 18).forEach(p -> data[p] = (byte) i);
    return new PixelImage(3, 2, 3, data);
  }

  @Override
  public List<String> classNames() {
    return List.of("a", "b", "c");
  }

  @Override
  public String name(int i) {
    return "picture-" + i;
  }
}
