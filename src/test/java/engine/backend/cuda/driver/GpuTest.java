package engine.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.UnsupportedOnDeviceException;
import engine.backend.cuda.PretendedDriver;
import engine.ffi.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GpuTest {
  @TempDir private Path root;
  private final PretendedDriver driver = new PretendedDriver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aGpuFullOfOthersMemorySaysSoAndKeepsNoContext() {
    driver.fails("cuDevicePrimaryCtxRetain", CudaDriver.CUDA_ERROR_OUT_OF_MEMORY);
    String message = refusal(0, Map.of());
    assertTrue(message.contains("has no room for another program, since others fill its"), message);
    assertTrue(message.contains("nvidia-smi lists"), message);
    try (PretendedDriver second = new PretendedDriver()) {
      AtomicInteger released = new AtomicInteger();
      second.fails("cuStreamCreate", CudaDriver.CUDA_ERROR_OUT_OF_MEMORY);
      second.answer("cuDevicePrimaryCtxRelease_v2", _ -> released.getAndIncrement());
      assertThrows(UnsupportedOnDeviceException.class, () -> new Gpu(second.driver(), 0));
      assertEquals(1, released.get());
    }
  }

  @Test
  void aNumberThatCudaDoesNotShowSaysWhatChangesThat() {
    assertTrue(
        refusal(1, Map.of())
            .equals(
                "there is no GPU 1: CUDA shows 1, numbered from 0; choose another with --device cuda:N"),
        refusal(1, Map.of()));
    String listed = refusal(1, Map.of("CUDA_VISIBLE_DEVICES", "0,x,1"));
    assertTrue(listed.endsWith("or change CUDA_VISIBLE_DEVICES, which is '0,x,1'"), listed);
  }

  @Test
  void aMigSliceIsTheOnlyOneThatCudaShows() {
    driver.answer(
        "cuDeviceGetName",
        a -> {
          MemorySegment.ofAddress((long) a[0])
              .reinterpret((int) a[1])
              .setString(0, "NVIDIA A100-SXM4-40GB MIG 1g.5gb");
          return 0;
        });
    String message = refusal(1, Map.of());
    assertTrue(message.contains("one MIG slice, which CUDA_VISIBLE_DEVICES=MIG-"), message);
  }

  @Test
  void noGpuAtAllNamesTheVariableThatHidesIt() {
    driver.fails("cuInit", CudaDriver.CUDA_ERROR_NO_DEVICE);
    String message = refusal(0, Map.of("CUDA_VISIBLE_DEVICES", "-1"));
    assertTrue(message.startsWith("CUDA_VISIBLE_DEVICES is '-1', which hides every GPU"), message);
    assertTrue(refusal(0, Map.of()).startsWith("the NVIDIA driver sees no GPU"));
    driver.fails("cuInit", CudaDriver.CUDA_ERROR_INVALID_DEVICE);
    String twice = refusal(0, Map.of("CUDA_VISIBLE_DEVICES", "0,0"));
    assertTrue(twice.contains("names 0 twice"), twice);
  }

  @Test
  void everyErrorOfTheFirstCallSaysWhatToDo() {
    Map.of(
            CudaDriver.CUDA_ERROR_SYSTEM_DRIVER_MISMATCH, "restart the machine",
            CudaDriver.CUDA_ERROR_SYSTEM_NOT_READY, "nvidia-fabricmanager",
            CudaDriver.CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE, "take it out of LD_LIBRARY_PATH",
            CudaDriver.CUDA_ERROR_UNKNOWN, "nvidia-modprobe -u",
            CudaDriver.CUDA_ERROR_STUB_LIBRARY, "is the toolkit's stub",
            CudaDriver.CUDA_ERROR_UNSUPPORTED_PTX_VERSION, "install 525 or later",
            CudaDriver.CUDA_ERROR_DEVICE_UNAVAILABLE, "nvidia-smi -c 0")
        .forEach(
            (status, advice) -> {
              driver.fails("cuInit", status);
              String message =
                  assertThrows(CudaException.class, () -> new Gpu(driver.driver(), 0)).getMessage();
              assertTrue(message.contains(advice), message);
            });
  }

  private String refusal(int index, Map<String, String> environment) {
    VisibleDevices visible = new VisibleDevices(environment, root);
    return assertThrows(
            UnsupportedOnDeviceException.class, () -> new Gpu(driver.driver(), index, visible))
        .getMessage();
  }
}
