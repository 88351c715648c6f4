package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import engine.backend.Elementwise;
import engine.ffi.Gomp;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** Each device's oneDNN work is cut for that device's number of threads, whoever runs it. */
final class TwoBackendsTest {
  @Test
  void devicesInTurnsKeepTheirThreads() {
    try (CpuBackend one = new CpuBackend(1);
        CpuBackend three = new CpuBackend(3)) {
      assertEquals(3, threadsAfterWork(three));
      assertEquals(1, threadsAfterWork(one));
      assertEquals(3, threadsAfterWork(three));
    }
  }

  @Test
  void aDeviceOpenedOnAnotherThreadKeepsItsThreads() throws Exception {
    try (CpuBackend three = new CpuBackend(3)) {
      FutureTask<Integer> elsewhere = new FutureTask<>(() -> threadsAfterWork(three));
      Thread.ofPlatform().start(elsewhere);
      assertEquals(3, elsewhere.get());
    }
  }

  @Test
  void closingTwiceHarmsNoOther() {
    CpuBackend one = new CpuBackend(2);
    try (CpuBackend other = new CpuBackend(2)) {
      one.close();
      one.close();
      assertEquals(2, threadsAfterWork(other));
    }
  }

  /** How many threads OpenMP gives the calling thread's next region. */
  private static int threadsAfterWork(CpuBackend backend) {
    Shape shape = Shape.of(2, 16, 4, 4);
    try (Tensor x = backend.memory().zeros(DType.F32, shape);
        Tensor y = backend.elementwise().binary(Elementwise.Binary.ADD, x, x)) {
      assertEquals(shape, y.shape());
      return Gomp.omp_get_max_threads();
    }
  }
}
