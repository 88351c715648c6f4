package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.OutOfDeviceMemoryException;
import engine.backend.Recording;
import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The pool of real GPUs on one that has 64 MiB, while a step is recorded. */
final class ShortMemoryTest {
  private static final int MIB = 1 << 20;

  private static Tensor zeros(CudaBackend gpu, int mebibytes) {
    return gpu.memory().zeros(DType.U8, Shape.of((long) mebibytes * MIB));
  }

  @Test
  void memoryThatRunsOutInARecordingIsSaidAndNothingIsLost() {
    try (CudaBackend gpu = SimulatedGpus.openWithPool(64L * MIB)) {
      zeros(gpu, 24).close();
      int blocks = gpu.blocks();
      var e =
          assertThrows(
              OutOfDeviceMemoryException.class,
              () ->
                  gpu.record(
                      () -> {
                        try (var _ = zeros(gpu, 8)) {
                          zeros(gpu, 48).close();
                        }
                      }));
      assertTrue(e.getMessage().contains("use a smaller --batch"), e.getMessage());
      assertTrue(e.usableBytes() > 60L * MIB, "usable: " + e.usableBytes());
      assertEquals(0, gpu.memory().liveTensors());
      assertEquals(blocks + 1, gpu.blocks(), "the plan's one block is free again");
      zeros(gpu, 48).close(); // not recorded: free blocks make room for it
    }
  }

  @Test
  void freeBlocksOfOtherSizesMakeRoomBeforeARecording() {
    try (CudaBackend gpu = SimulatedGpus.openWithPool(64L * MIB)) {
      zeros(gpu, 40).close();
      try (Recording r = gpu.record(() -> zeros(gpu, 56).close())) {
        r.replay();
        assertEquals(56L * MIB, r.reservedBytes());
      }
    }
  }

  @Test
  void aRecordingThatFailsLeavesADeviceThatRecords() {
    try (CudaBackend gpu = SimulatedGpus.openWithPool(64L * MIB)) {
      int blocks = gpu.blocks();
      for (int i = 0; i < 8; i++) {
        assertThrows(
            IllegalArgumentException.class,
            () ->
                gpu.record(
                    () -> {
                      try (Tensor a = zeros(gpu, 40)) {
                        throw new IllegalArgumentException(a.toString());
                      }
                    }));
      }
      assertEquals(blocks + 1, gpu.blocks());
      try (Recording r = gpu.record(() -> zeros(gpu, 40).close())) {
        assertEquals(1, r.kernels());
      }
    }
  }
}
