package engine.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import engine.TestDevices;
import engine.backend.Optimizers.AdamRule;
import engine.backend.Optimizers.Slot;
import engine.backend.cpu.dnnl.CpuMemory;
import engine.backend.cpu.runtime.CpuQueue;
import engine.backend.cpu.runtime.Parallel;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CpuOptimizersTest {
  private static final int N = 70_001;

  private final CpuMemory memory = (CpuMemory) TestDevices.cpu().memory();

  @Test
  void aReplayedStepTakesTheRatesAndGradientsOfItsTime() {
    assertArrayEquals(twoSteps(false), twoSteps(true));
  }

  private float[] twoSteps(boolean replay) {
    CpuQueue queue = new CpuQueue();
    CpuOptimizers optimizers = new CpuOptimizers(memory, queue, new Parallel(2));
    AdamRule rule = new AdamRule(0.9, 0.999, 1e-8, true, false);
    try (Tensor p = random(1, 1);
        Tensor g = random(2, 1);
        Tensor m = memory.zerosLike(p);
        Tensor v = memory.zerosLike(p);
        Tensor rates = memory.upload(HostTensor.of(new float[] {0.1f, 0.01f}, 2));
        Tensor steps = memory.zeros(DType.F32, Shape.of(1))) {
      List<Slot> slots = List.of(new Slot(p, g, m, v, null, 0));
      queue.startRecording();
      optimizers.adamInPlace(slots, rule, rates, steps, null);
      List<Runnable> recorded = queue.stopRecording();
      memory.uploadInPlace(HostTensor.of(new float[] {0.03f, 0.02f}, 2), rates);
      memory.uploadInPlace(HostTensor.of(values(3, 1), N), g);
      if (replay) {
        recorded.forEach(Runnable::run);
      } else {
        optimizers.adamInPlace(slots, rule, rates, steps, null);
      }
      assertEquals(2, memory.download(steps).item());
      return memory.download(p).toFloats();
    }
  }

  @Test
  void theNormHasTheSameBitsForAnyNumberOfThreads() {
    CpuQueue queue = new CpuQueue();
    try (Tensor a = random(4, 3);
        Tensor b = random(5, 1e-3f);
        Tensor one = new CpuOptimizers(memory, queue, new Parallel(1)).norm(List.of(a, b));
        Tensor two = new CpuOptimizers(memory, queue, new Parallel(2)).norm(List.of(a, b))) {
      assertArrayEquals(memory.download(one).toFloats(), memory.download(two).toFloats());
    }
  }

  @Test
  void tensorsOfAnotherTypeOrShapeAreRefused() {
    CpuOptimizers optimizers = new CpuOptimizers(memory, new CpuQueue(), new Parallel(2));
    try (Tensor a = memory.zeros(DType.F32, Shape.of(4));
        Tensor b = memory.zeros(DType.F32, Shape.of(5));
        Tensor half = memory.zeros(DType.BF16, Shape.of(4))) {
      assertThrows(IllegalArgumentException.class, () -> optimizers.norm(List.of(a, half)));
      assertThrows(
          IllegalArgumentException.class, () -> optimizers.emaInPlace(List.of(a), List.of(b), a));
    }
  }

  private Tensor random(long seed, float scale) {
    return memory.upload(HostTensor.of(values(seed, scale), N));
  }

  private static float[] values(long seed, float scale) {
    Random random = new Random(seed);
    float[] x = new float[N];
    for (int i = 0; i < N; i++) {
      x[i] = scale * (float) random.nextGaussian();
    }
    return x;
  }
}
