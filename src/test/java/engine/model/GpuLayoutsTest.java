package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.PictureFeed;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.picture.PictureDraw;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On a GPU images lie channels-last from the first convolution to the classifier. */
final class GpuLayoutsTest {
  private static final HostTensor IMAGES = SmallResNets.images(2, 3, 16, 16, 1);
  private static final int[] CLASSES = {3, 1};

  /**
   * The images are brought into that order by the stem and by its gradient; for halves the stem's
   * filters get the channels that the images get.
   */
  @ParameterizedTest
  @CsvSource({"18, 4, F32, 2", "18, 8, F16, 3"})
  void aTrainingStepConvertsWhatTheStemReadsOnly(
      int depth, int width, DType type, long conversions) {
    try (Backend gpu = Devices.open("sim", 2);
        ResNet net = SmallResNets.open(gpu, SmallResNets.thin(depth, width), 1)) {
      step(gpu, net, type);
      long before = gpu.memory().reorders();
      step(gpu, net, type);
      assertEquals(conversions, gpu.memory().reorders() - before);
      net.parameters()
          .forEach((name, p) -> assertTrue(p.grad().layout() == p.value().layout(), name));
    }
  }

  /** A feed writes pictures as the stem reads them: its filters alone get channels. */
  @Test
  void aTrainingStepOfFedPicturesConvertsNoPicture() {
    DType type = DType.F16;
    Shape shape = Shape.of(IMAGES.shape().dims());
    try (Backend gpu = Devices.open("sim", 2);
        Arena arena = Arena.ofConfined();
        PictureFeed feed = gpu.pictureFeed(Normalization.none(3), new byte[3]);
        ResNet net = SmallResNets.open(gpu, SmallResNets.thin(18, 8), 1);
        Tensor images = feed.empty(type, shape)) {
      MemorySegment pixels = arena.allocate(shape.elements());
      feed.stage(pixels, shape, List.of(PictureDraw.NONE, PictureDraw.NONE));
      feed.takeInPlace(Mix.NONE, images);
      step(gpu, net, images, type);
      long before = gpu.memory().reorders();
      step(gpu, net, images, type);
      assertEquals(1, gpu.memory().reorders() - before);
    }
  }

  private static void step(Backend gpu, ResNet net, DType type) {
    try (Tensor images = gpu.memory().upload(IMAGES)) {
      step(gpu, net, images, type);
    }
  }

  private static void step(Backend gpu, ResNet net, Tensor images, DType type) {
    try (Tape tape = Tape.training(gpu).withAutocast(type);
        Tensor targets = gpu.memory().upload(HostTensor.of(CLASSES, CLASSES.length))) {
      Variable x = tape.constant(images.retain());
      tape.backward(CrossEntropy.apply(tape, net.forward(tape, x), targets, 0.1f), 1);
    }
  }
}
