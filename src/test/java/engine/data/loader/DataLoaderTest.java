package engine.data.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.base.UserError;
import engine.data.Dataset;
import engine.data.FakeImages;
import engine.data.image.PixelImage;
import engine.data.loader.DataLoader.Config;
import engine.data.transform.Transform;
import engine.ffi.UncheckedNativeException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataLoaderTest {
  private static final long SEED = 7;

  private static Config training(int batch, int workers) {
    return new Config(batch, true, false, SEED, workers, 2, false);
  }

  private static Config evaluation(int batch, int workers) {
    return new Config(batch, false, false, SEED, workers, 2, false);
  }

  /** What a consumer saw of an epoch: one line a batch, with every byte. */
  private static List<String> drain(DataLoader loader, int epoch, int skip) {
    List<String> seen = new ArrayList<>();
    try (Epoch batches = loader.epoch(epoch, skip)) {
      while (batches.hasNext()) {
        try (Batch b = batches.next()) {
          seen.add(
              Arrays.toString(b.indices())
                  + Arrays.toString(b.labels())
                  + Arrays.toString(b.pixels().toArray(ValueLayout.JAVA_BYTE)));
        }
      }
    }
    return seen;
  }

  private static int[] indices(DataLoader loader, int epoch) {
    List<Integer> all = new ArrayList<>();
    try (Epoch batches = loader.epoch(epoch, 0)) {
      while (batches.hasNext()) {
        try (Batch b = batches.next()) {
          Arrays.stream(b.indices()).forEach(all::add);
        }
      }
    }
    return all.stream().mapToInt(i -> i).toArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 8})
  void batchesAreTheSameForAnyNumberOfWorkers(int workers) {
    FakeImages data = new FakeImages(101, 5, 17, 64);
    try (DataLoader alone = new DataLoader(data, FakeImages.NOISE, training(8, 0));
        DataLoader many = new DataLoader(data, FakeImages.NOISE, training(8, workers))) {
      for (int epoch = 0; epoch < 5; epoch++) {
        assertEquals(drain(alone, epoch, 0), drain(many, epoch, 0));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void continuingInTheMiddleEqualsAnUninterruptedEpoch(int workers) {
    FakeImages data = new FakeImages(50, 3, 30);
    try (DataLoader whole = new DataLoader(data, FakeImages.NOISE, training(8, workers));
        DataLoader resumed = new DataLoader(data, FakeImages.NOISE, training(8, workers))) {
      List<String> all = drain(whole, 4, 0);
      assertEquals(all.subList(3, 7), drain(resumed, 4, 3));
      assertEquals(List.of(), drain(resumed, 4, 7));
    }
  }

  @Test
  void skippedBatchesAreNotDecoded() {
    FakeImages data = new FakeImages(50);
    try (DataLoader loader = new DataLoader(data, FakeImages.NONE, training(8, 0))) {
      drain(loader, 0, 5);
    }
    assertEquals(10, data.loads.get());
  }

  @Test
  void epochsAndSeedsHaveTheirOwnOrder() {
    FakeImages data = new FakeImages(40);
    Config other = new Config(8, true, false, SEED + 1, 0, 2, false);
    try (DataLoader loader = new DataLoader(data, FakeImages.NONE, training(8, 0));
        DataLoader reseeded = new DataLoader(data, FakeImages.NONE, other)) {
      int[] first = indices(loader, 0);
      assertFalse(Arrays.equals(first, indices(loader, 1)));
      assertFalse(Arrays.equals(first, indices(reseeded, 0)));
      assertArrayEquals(IntStream.range(0, 40).toArray(), Arrays.stream(first).sorted().toArray());
    }
  }

  @Test
  void theSameSampleGetsNewRandomNumbersEachEpoch() {
    try (DataLoader loader = new DataLoader(new FakeImages(1), FakeImages.NOISE, training(1, 0))) {
      assertNotEquals(drain(loader, 0, 0), drain(loader, 1, 0));
    }
  }

  @Test
  void theLastBatchIsSmallerOrDropped() {
    FakeImages data = new FakeImages(10);
    Config drop = new Config(4, true, true, SEED, 1, 2, false);
    try (DataLoader keep = new DataLoader(data, FakeImages.NONE, training(4, 1));
        DataLoader dropping = new DataLoader(data, FakeImages.NONE, drop)) {
      assertEquals(3, keep.batches());
      assertEquals(10, indices(keep, 0).length);
      assertEquals(2, dropping.batches());
      assertEquals(8, indices(dropping, 0).length);
    }
    Config tooLarge = new Config(11, true, true, SEED, 1, 2, false);
    assertThrows(UserError.class, () -> new DataLoader(data, FakeImages.NONE, tooLarge));
  }

  @Test
  void pixelsAreAlignedNativeMemoryInReusedBuffers() {
    Set<Long> addresses = new HashSet<>();
    try (DataLoader loader = new DataLoader(new FakeImages(80), FakeImages.NONE, training(4, 2))) {
      for (int epoch = 0; epoch < 3; epoch++) {
        try (Epoch batches = loader.epoch(epoch, 0)) {
          while (batches.hasNext()) {
            try (Batch b = batches.next()) {
              assertTrue(b.pixels().isNative());
              assertEquals(0, b.pixels().address() % 64);
              assertEquals(4L * 2 * 3 * 3, b.pixels().byteSize());
              assertEquals(List.of(2, 3, 3), List.of(b.height(), b.width(), b.channels()));
              addresses.add(b.pixels().address());
            }
          }
        }
      }
    }
    assertTrue(addresses.size() <= 3, "buffers: " + addresses.size());
  }

  @Test
  void anUnreadablePictureIsReplacedByTheNextOfTheOrderInTraining() {
    FakeImages good = new FakeImages(60);
    FakeImages holed = new FakeImages(60, 11);
    try (DataLoader a = new DataLoader(good, FakeImages.NONE, training(60, 2));
        DataLoader b = new DataLoader(holed, FakeImages.NONE, training(60, 2))) {
      int[] expected = indices(a, 0);
      for (int i = 0; i < 60; i++) {
        if (expected[i] == 11) {
          expected[i] = expected[(i + 1) % 60];
          break;
        }
      }
      assertArrayEquals(expected, indices(b, 0));
      indices(b, 1);
      assertEquals(1, b.badImages().count());
      assertEquals("[picture-11: not a picture]", b.badImages().list().toString());
    }
    // Found bad once, it is not read again.
    assertEquals(1 + 60 + 60, holed.loads.get());
  }

  @Test
  void evaluationLeavesUnreadablePicturesOut() {
    FakeImages data = new FakeImages(90, 0, 4, 5, 6, 7);
    Config config = evaluation(4, 3).withAllowBadImages(true);
    try (DataLoader loader = new DataLoader(data, FakeImages.NONE, config)) {
      int[] expected = IntStream.range(0, 90).filter(i -> i != 0 && !(4 <= i && i <= 7)).toArray();
      assertArrayEquals(expected, indices(loader, 0));
      try (Epoch batches = loader.epoch(0, 0)) {
        try (Batch first = batches.next()) {
          assertArrayEquals(new int[] {1, 2, 3}, first.indices());
          assertArrayEquals(new int[] {1, 2, 0}, first.labels());
          assertEquals(2, first.pixels().get(ValueLayout.JAVA_BYTE, 18));
        }
        try (Batch second = batches.next()) {
          assertEquals(8, second.indices()[0]);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void moreThanFivePercentUnreadableStopsTheRunUnlessAllowed(int workers) {
    FakeImages data = new FakeImages(40, 1, 2, 3);
    try (DataLoader loader = new DataLoader(data, FakeImages.NONE, training(8, workers))) {
      UserError e = assertThrows(UserError.class, () -> indices(loader, 0));
      assertTrue(e.getMessage().startsWith("3 of 40 pictures cannot be read"), e.getMessage());
      assertTrue(e.getMessage().contains("--allow-bad-images"), e.getMessage());
    }
    Config lenient = training(8, workers).withAllowBadImages(true);
    try (DataLoader loader = new DataLoader(data, FakeImages.NONE, lenient)) {
      assertEquals(40, indices(loader, 0).length);
      assertEquals(3, loader.badImages().count());
    }
  }

  @Test
  void twoUnreadableOfManyDoNotStopTheRunEvenInTheFirstBatch() {
    try (DataLoader loader =
        new DataLoader(new FakeImages(40, 0, 1), FakeImages.NONE, evaluation(8, 0))) {
      assertEquals(38, indices(loader, 0).length);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void nothingReadableEndsInOneSentence(int workers) {
    Config lenient = training(2, workers).withAllowBadImages(true);
    try (DataLoader loader =
        new DataLoader(new FakeImages(4, 0, 1, 2, 3), FakeImages.NONE, lenient)) {
      UserError e = assertThrows(UserError.class, () -> indices(loader, 0));
      assertTrue(e.getMessage().startsWith("none of the 4 pictures can be read"), e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aFailingTransformSurfacesWithThePicturesName(int workers) {
    Transform broken =
        (image, _) -> {
          throw new IllegalArgumentException("crop larger than the picture");
        };
    try (DataLoader loader = new DataLoader(new FakeImages(8), broken, evaluation(4, workers))) {
      UserError e = assertThrows(UserError.class, () -> indices(loader, 0));
      assertTrue(e.getMessage().contains("picture-0 (3x2"), e.getMessage());
    }
  }

  @Test
  void samplesOfDifferentSizesAreRefused() {
    Transform uneven =
        (image, _) -> image.data()[0] == 3 ? new PixelImage(1, 1, 3, new byte[3]) : image;
    try (DataLoader loader = new DataLoader(new FakeImages(8), uneven, evaluation(4, 0))) {
      UserError e = assertThrows(UserError.class, () -> indices(loader, 0));
      assertTrue(e.getMessage().contains("picture-3 came out"), e.getMessage());
    }
  }

  @Test
  void closingInTheMiddleStopsTheWorkersAndFreesTheBuffers() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          FakeImages data = new FakeImages(1000);
          try (DataLoader loader = new DataLoader(data, FakeImages.NONE, training(4, 3))) {
            for (int round = 0; round < 20; round++) {
              Epoch batches = loader.epoch(round, 0);
              batches.next().close();
              batches.close();
              assertFalse(batches.hasNext());
              assertThrows(NoSuchElementException.class, batches::next);
            }
            assertEquals(250, drain(loader, 0, 0).size());
          }
          assertFalse(
              Thread.getAllStackTraces().keySet().stream()
                  .anyMatch(t -> t.getName().startsWith("loader-")));
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void holdingEveryBatchOpenIsAnErrorNotADeadlock(int workers) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(10),
        () -> {
          try (DataLoader loader =
                  new DataLoader(new FakeImages(100), FakeImages.NONE, training(4, workers));
              Epoch batches = loader.epoch(0, 0)) {
            batches.next();
            batches.next();
            batches.next();
            assertThrows(IllegalStateException.class, batches::next);
          }
        });
  }

  @Test
  void aClosedBatchCannotBeRead() {
    try (DataLoader loader = new DataLoader(new FakeImages(10), FakeImages.NONE, training(4, 1))) {
      Epoch batches = loader.epoch(0, 0);
      Batch batch = batches.next();
      batch.close();
      batch.close();
      assertThrows(IllegalStateException.class, batch::pixels);
      assertThrows(IllegalStateException.class, () -> loader.epoch(1, 0));
      assertTrue(batches.waitSeconds() >= 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aReaderThatFailsForAnotherReasonIsNotABadPicture(int workers) {
    Dataset broken =
        new Dataset() {
          private final FakeImages images = new FakeImages(100);

          @Override
          public int size() {
            return images.size();
          }

          @Override
          public int label(int i) {
            return 0;
          }

          @Override
          public PixelImage load(int i) {
            throw new UncheckedNativeException("no JPEG library: install one");
          }

          @Override
          public List<String> classNames() {
            return images.classNames();
          }

          @Override
          public String name(int i) {
            return images.name(i);
          }
        };
    try (DataLoader loader = new DataLoader(broken, FakeImages.NONE, evaluation(4, workers))) {
      UserError e = assertThrows(UserError.class, () -> indices(loader, 0));
      assertEquals("no JPEG library: install one", e.getMessage());
      assertEquals(0, loader.badImages().count());
    }
  }
}
