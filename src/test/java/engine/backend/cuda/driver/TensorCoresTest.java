package engine.backend.cuda.driver;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.ffi.CudaDriver;
import engine.ffi.SimulatedDriver;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TensorCoresTest {
  @ParameterizedTest
  @CsvSource({"NVIDIA GeForce GTX 1660 Ti, 75", "NVIDIA T1000 8GB, 75", "Tesla P100-PCIE-16GB, 60"})
  void gpusWithoutThemAreNamed(String name, int architecture) {
    String text = TensorCores.missing(name, architecture);
    assertTrue(text.startsWith(name + " has no fp16 tensor cores: "), text);
  }

  @ParameterizedTest
  @CsvSource({
    "Tesla T4, 75",
    "NVIDIA GeForce RTX 2080 Ti, 75",
    "Quadro RTX 6000, 75",
    "Tesla V100-SXM2-16GB, 70",
    "NVIDIA H100 80GB HBM3, 90"
  })
  void gpusWithThemAreNot(String name, int architecture) {
    assertNull(TensorCores.missing(name, architecture));
  }

  @Test
  void theDriverIsAskedForNameAndArchitecture() {
    SimulatedDriver driver = ServiceLoader.load(SimulatedDriver.class).findFirst().orElseThrow();
    try {
      assertFalse(TensorCores.missing(new CudaDriver(driver.open(1))).isPresent());
    } finally {
      driver.close();
    }
  }
}
