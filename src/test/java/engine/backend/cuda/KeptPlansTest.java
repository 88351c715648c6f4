package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.Conv2dGeometry;
import engine.backend.Convolutions.Kernel;
import engine.backend.cuda.dnn.PlanFiles;
import engine.backend.cuda.driver.CudaLibraries;
import engine.ffi.SimulatedDriver;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans of one process serve the next, on the software GPU. */
final class KeptPlansTest {
  private static final Conv2dGeometry GEOMETRY = Conv2dGeometry.of(1, 1, 1);
  private static final Shape X = Shape.of(2, 8, 6, 6);
  private static final Shape W = Shape.of(8, 8, 3, 3);

  @TempDir private Path folder;

  /** A convolution in a process of its own: the engine that did it, and what came out. */
  private record Run(String engine, float[] y) {}

  private Run run() {
    SimulatedDriver driver = ServiceLoader.load(SimulatedDriver.class).findFirst().orElseThrow();
    try (CudaBackend b =
            CudaBackend.open(
                CudaLibraries.of(driver.open(1)),
                0,
                "sim",
                true,
                PlanFiles.in(folder),
                driver::close);
        Tensor x = counting(b, X);
        Tensor w = counting(b, W);
        Tensor y = b.convolutions().inferInPlace(x, w, null, null, true, GEOMETRY)) {
      return new Run(
          b.convolutions().implementation(Kernel.FORWARD, x, w, GEOMETRY),
          b.memory().download(y, DType.F32).toFloats());
    }
  }

  private static Tensor counting(CudaBackend b, Shape shape) {
    float[] v = new float[(int) shape.elements()];
    for (int i = 0; i < v.length; i++) {
      v[i] = i % 7 - 3;
    }
    return b.memory().upload(HostTensor.of(v, shape.dims()));
  }

  private List<Path> kept() throws IOException {
    try (var all = Files.list(folder)) {
      return all.sorted().toList();
    }
  }

  @Test
  void theNextProcessComputesByTheKeptPlans() throws IOException {
    Run first = run();
    assertTrue(first.engine.startsWith("cudnn engine 1,"), first.engine);
    assertEquals(2, kept().size(), "the fused and the plain convolution");
    for (Path file : kept()) {
      String[] lines = Files.readString(file).split("\n", 4);
      PlanFiles.in(folder).write(lines[2], lines[3].replace("\"engine\":1", "\"engine\":0"));
    }
    Run second = run();
    assertTrue(second.engine.startsWith("cudnn engine 0 on tensor cores,"), second.engine);
    assertArrayEquals(first.y, second.y);
  }

  @Test
  void aKeptPlanThatTheLibraryRefusesIsMadeAnew() throws IOException {
    Run first = run();
    for (Path file : kept()) {
      String[] lines = Files.readString(file).split("\n", 4);
      PlanFiles.in(folder).write(lines[2], lines[3].replace("92400", "91000"));
    }
    Run second = run();
    assertEquals(first.engine, second.engine);
    assertArrayEquals(first.y, second.y);
    for (Path file : kept()) {
      assertTrue(Files.readString(file).contains("\"cudnnVersion\":92400"), "written anew");
    }
  }

  @Test
  void damagedFilesCostTheirPlansOnly() throws IOException {
    Run first = run();
    for (Path file : kept()) {
      Files.writeString(file, Files.readString(file).replace("\"engine\":1", "\"engine\":0"));
    }
    assertEquals(first.engine, run().engine);
  }
}
