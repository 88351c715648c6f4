package engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.autograd.CrossEntropy;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Tensor;
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

  private static void step(Backend gpu, ResNet net, DType type) {
    try (Tape tape = Tape.training(gpu).withAutocast(type);
        Tensor targets = gpu.memory().upload(HostTensor.of(CLASSES, CLASSES.length))) {
      Variable x = tape.constant(gpu.memory().upload(IMAGES));
      tape.backward(CrossEntropy.apply(tape, net.forward(tape, x), targets, 0.1f), 1);
    }
  }
}
