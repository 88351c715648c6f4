package engine.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import engine.OnEveryDevice;
import engine.TestDevices;
import engine.TestPictures;
import engine.backend.Backend;
import engine.backend.PictureFeed;
import engine.data.BadImages;
import engine.data.Datasets;
import engine.data.demo.DemoDataset;
import engine.data.image.PixelImage;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.data.loader.Sampler;
import engine.data.transform.LateAugmentation;
import engine.data.transform.TransformSpec;
import engine.picture.ColorDraw;
import engine.picture.ColorDraw.Operation;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import engine.picture.Region;
import engine.recipe.AugmentOn;
import engine.recipe.Augmentation;
import engine.recipe.Recipe;
import engine.run.RunSetup;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;

/** Pictures that a device augments are those that the host augments, to the byte. */
final class PictureFeedTest {
  private static final long SEED = Long.getLong("engine.test.seed", 20261124);
  private static final Normalization GRAY =
      new Normalization(new float[] {0.286f}, new float[] {0.353f});

  @TempDir Path temp;

  private final Random random = new Random(SEED);

  /** A batch and what was drawn for each of its pictures. */
  private record Drawn(List<PixelImage> pictures, List<PictureDraw> draws) {
    Shape shape() {
      PixelImage p = pictures.getFirst();
      return Shape.of(pictures.size(), p.channels(), p.height(), p.width());
    }
  }

  @OnEveryDevice
  void everyOrderOfOperationsGivesTheBytesOfTheHost(Backend backend) {
    assumeTrue(backend.augments(), "the host augments for this device");
    for (int channels : new int[] {1, 3}) {
      for (int[] size : new int[][] {{1, 1}, {4, 150}, {37, 29}}) {
        Drawn batch = drawn(7, size[0], size[1], channels);
        for (DType type : List.of(DType.F32, DType.F16, DType.BF16)) {
          check(backend, batch, Mix.NONE, type, 0);
        }
      }
    }
  }

  @OnEveryDevice
  void aLoadersPicturesAreThoseOfTheHostForAnyNumberOfWorkers(Backend backend) {
    assumeTrue(backend.augments(), "the host augments for this device");
    Recipe r =
        TinyRun.recipe(
            DemoDataset.generate(temp.resolve("demo"), 2, 64, 1),
            "augment='crop'",
            "jitter=0.4",
            "imageSize=32",
            "regularization={policy:'none',erasing:0.5,mixup:0,cutmix:0,mixOffEpoch:0,ema:0}");
    Datasets.Split data = RunSetup.open(r, _ -> {});
    TransformSpec spec = RunSetup.info(r, data).preprocessing();
    LateAugmentation late = Augmentation.onDevice(r, spec, backend, AugmentOn.DEVICE);
    DataLoader.Config config = DataLoader.Config.training(6, 5);
    try (var _ = TestDevices.noLeaks(backend);
        PictureFeed feed = feed(backend, spec.normalization());
        DataLoader host =
            new DataLoader(data.train(), Augmentation.training(r, spec), config.withWorkers(0));
        DataLoader device =
            new DataLoader(
                data.train(),
                Augmentation.sized(r, spec),
                late,
                config.withWorkers(3),
                new BadImages.Limit(data.train().size(), false),
                Sampler.shuffled(data.train().size(), config.seed()))) {
      for (int epoch = 0; epoch < 2; epoch++) {
        compare(backend, feed, host.epoch(epoch, 0), device.epoch(epoch, 0), spec.normalization());
      }
    }
  }

  private static void compare(
      Backend backend, PictureFeed feed, Epoch host, Epoch device, Normalization norm) {
    try (host;
        device) {
      while (host.hasNext()) {
        try (Batch a = host.next();
            Batch b = device.next();
            Tensor x = feed.empty(DType.F32, b.shape())) {
          feed.stage(b.pixels(), b.shape(), b.draws());
          feed.takeInPlace(Mix.NONE, x);
          float[] got = backend.memory().download(x).toFloats();
          int each = got.length / b.size();
          for (int i = 0; i < a.size(); i++) {
            byte[] bytes = a.pixels().asSlice((long) i * each, each).toArray(ValueLayout.JAVA_BYTE);
            float[] seen = TestPictures.normalized(bytes, norm);
            assertArrayEquals(seen, Arrays.copyOfRange(got, i * each, (i + 1) * each), 0);
          }
        }
      }
      assertFalse(device.hasNext());
    }
  }

  @OnEveryDevice
  void picturesAreMixedAfterTheyAreAugmented(Backend backend) {
    assumeTrue(backend.augments(), "the host augments for this device");
    Drawn batch = drawn(3, 20, 24, 3);
    Region box = new Region(3, 2, 8, 15);
    check(backend, batch, Mix.cut(box, 20, 24), DType.F32, 0);
    check(backend, batch, new Mix(0.3, null), DType.F32, 1e-6f);
  }

  /** On the software GPU that fails as well where two streams, or one and the host, race. */
  @OnEveryDevice
  void batchesInARowNeedNoWaitOfTheHost(Backend backend) {
    assumeTrue(backend.augments(), "the host augments for this device");
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        PictureFeed feed = feed(backend, Normalization.IMAGENET);
        Tensor x = feed.empty(DType.F32, drawn(4, 6, 5, 3).shape())) {
      Drawn last = null;
      for (int i = 0; i < 7; i++) {
        last = drawn(4, 6, 5, 3);
        stage(feed, last, arena);
        feed.takeInPlace(Mix.NONE, x);
      }
      float[] expected = expected(last, Normalization.IMAGENET, Mix.NONE);
      assertArrayEquals(expected, backend.memory().download(x).toFloats(), 0);
    }
  }

  @OnEveryDevice
  void theLastStagedBatchIsTakenOnceAndInItsOwnSize(Backend backend) {
    assumeTrue(backend.augments(), "the host augments for this device");
    Drawn dropped = drawn(2, 6, 5, 3);
    Drawn kept = drawn(4, 6, 5, 3);
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        PictureFeed feed = feed(backend, Normalization.IMAGENET);
        Tensor x = feed.empty(DType.F32, kept.shape())) {
      stage(feed, dropped, arena);
      stage(feed, kept, arena);
      feed.takeInPlace(Mix.NONE, x);
      float[] expected = expected(kept, Normalization.IMAGENET, Mix.NONE);
      assertArrayEquals(expected, backend.memory().download(x).toFloats(), 0);
      assertThrows(IllegalStateException.class, () -> feed.takeInPlace(Mix.NONE, x));
      stage(feed, dropped, arena);
      assertThrows(IllegalStateException.class, () -> feed.takeInPlace(Mix.NONE, x));
    }
  }

  private void check(Backend backend, Drawn batch, Mix mix, DType type, float within) {
    Normalization norm = batch.shape().size(1) == 3 ? Normalization.IMAGENET : GRAY;
    float[] expected = expected(batch, norm, mix);
    for (int i = 0; i < expected.length; i++) {
      expected[i] = rounded(expected[i], type);
    }
    try (var _ = TestDevices.noLeaks(backend);
        Arena arena = Arena.ofConfined();
        PictureFeed feed = feed(backend, norm);
        Tensor x = feed.empty(type, batch.shape())) {
      stage(feed, batch, arena);
      feed.takeInPlace(mix, x);
      String what = batch.shape() + " " + type + " " + mix + ", seed " + SEED;
      assertArrayEquals(expected, backend.memory().download(x).toFloats(), within, what);
    }
  }

  private static PictureFeed feed(Backend backend, Normalization norm) {
    return backend.pictureFeed(norm, late(norm).fill());
  }

  private static LateAugmentation late(Normalization norm) {
    return new LateAugmentation(0.5, 0, 0.5, norm);
  }

  /** As the loader does it, and the trainer before it hands pictures to a network. */
  private static void stage(PictureFeed feed, Drawn batch, Arena arena) {
    MemorySegment pixels = arena.allocate(batch.shape().elements(), 64);
    long at = 0;
    for (PixelImage p : batch.pictures()) {
      MemorySegment.copy(MemorySegment.ofArray(p.data()), 0, pixels, at, p.data().length);
      at += p.data().length;
    }
    feed.stage(pixels, batch.shape(), batch.draws());
    pixels.fill((byte) 7); // the feed has its copy
  }

  private static float[] expected(Drawn batch, Normalization norm, Mix mix) {
    LateAugmentation late = late(norm);
    List<float[]> own = new ArrayList<>();
    for (int i = 0; i < batch.pictures().size(); i++) {
      PixelImage done = late.apply(batch.pictures().get(i), batch.draws().get(i));
      own.add(TestPictures.normalized(done.data(), norm));
    }
    int each = own.getFirst().length;
    int width = batch.shape().size(3);
    int height = batch.shape().size(2);
    float[] out = new float[own.size() * each];
    for (int i = 0; i < own.size(); i++) {
      float[] partner = own.get((i + own.size() - 1) % own.size());
      for (int k = 0; k < each; k++) {
        int x = k % width;
        int y = k / width % height;
        Region b = mix.box();
        boolean inside =
            b != null && x >= b.left() && x < b.right() && y >= b.top() && y < b.bottom();
        float v = inside ? partner[k] : own.get(i)[k];
        out[i * each + k] = mix.ownValues() * v + (1 - mix.ownValues()) * partner[k];
      }
    }
    return out;
  }

  private static float rounded(float x, DType type) {
    return switch (type) {
      case F16 -> Float.float16ToFloat(Float.floatToFloat16(x));
      case BF16 -> {
        int bits = Float.floatToRawIntBits(x);
        yield Float.intBitsToFloat((bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000);
      }
      default -> x;
    };
  }

  /** Noise, grays among it; the first picture stays as it is, the others have all operations. */
  private Drawn drawn(int n, int height, int width, int channels) {
    List<PixelImage> pictures = new ArrayList<>();
    List<PictureDraw> draws = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      byte[] data = new byte[height * width * channels];
      random.nextBytes(data);
      if (i == 1) {
        for (int k = 0; k < data.length; k++) {
          data[k] = data[k - k % channels]; // no colour, so no hue
        }
      }
      pictures.add(new PixelImage(width, height, channels, data));
      draws.add(i == 0 ? PictureDraw.NONE : draw(i, height, width));
    }
    return new Drawn(pictures, draws);
  }

  private PictureDraw draw(int i, int height, int width) {
    List<Operation> order = new ArrayList<>(EnumSet.allOf(Operation.class));
    Collections.shuffle(order, random);
    ColorDraw color =
        new ColorDraw(
            order.subList(0, i == 2 ? 2 : 4),
            2 * random.nextDouble(),
            2 * random.nextDouble(),
            2 * random.nextDouble(),
            random.nextDouble() - 0.5);
    boolean erases = i % 3 == 0 && height > 1 && width > 1;
    Region erased =
        erases ? new Region(random.nextInt(height / 2), 1, height / 2, width / 2) : null;
    return new PictureDraw(i % 2 == 1, color, erased);
  }
}
