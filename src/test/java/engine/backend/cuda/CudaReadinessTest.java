package engine.backend.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.cuda.driver.VisibleDevices;
import engine.backend.cuda.libraries.LibraryFinder;
import engine.backend.cuda.libraries.VendorLibraries;
import engine.ffi.CudaDriver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everything that stands in the way of CUDA is said at once, before anything runs. */
final class CudaReadinessTest {
  @TempDir private Path root;
  private final PretendedDriver driver = new PretendedDriver();

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void aWholeMachineHasNoReason() throws IOException {
    whole(12);
    assertNull(readiness(Map.of()).whyNot());
  }

  @Test
  void aBareMachineLacksThreeThingsAndEachSaysWhatToDo() {
    List<String> reasons = readiness(Map.of()).reasons();
    assertEquals(3, reasons.size(), reasons.toString());
    String all = readiness(Map.of()).whyNot();
    for (String part :
        List.of(
            "(1) there is no NVIDIA driver here: libcuda.so.1: install the NVIDIA driver, 525 or later",
            "(2) there is no cuDNN here: libcudnn.so.9: pip install nvidia-cudnn-cu13",
            "(3) there is no cuBLASLt here: ",
            "Or use --device cpu")) {
      assertTrue(all.contains(part), all);
    }
  }

  @Test
  void aDriverBeforeCudaTwelveIsTooOldAndNamedByItsNumber() throws IOException {
    whole(12);
    Path library = root.resolve("usr/lib64/libcuda.so.1");
    Files.move(library, library.resolveSibling("libcuda.so.470.82.01"));
    Files.createSymbolicLink(library, Path.of("libcuda.so.470.82.01"));
    driver.gives("cuDriverGetVersion", 11040);
    assertEquals(
        "driver 470.82.01 is for CUDA 11.4, and 525, of CUDA 12.0, is the oldest that works: install 525 or later",
        readiness(Map.of()).whyNot());
  }

  @Test
  void aCudnnForANewerCudaThanTheDriversSaysBothWaysOut() throws IOException {
    whole(13);
    driver.gives("cuDriverGetVersion", 12080);
    String whyNot = readiness(Map.of()).whyNot();
    assertTrue(
        whyNot.endsWith(
            "is made for CUDA 13, which wants driver 580 or later, and the driver here is for CUDA 12.8: update the driver, or pip install nvidia-cudnn-cu12"),
        whyNot);
    driver.gives("cuDriverGetVersion", 13000);
    assertNull(readiness(Map.of()).whyNot());
  }

  @Test
  void aCublasOfAnotherCudaThanCudnnIsSaid() throws IOException {
    whole(12);
    Files.move(
        root.resolve("usr/lib64/libcublasLt.so.12"), root.resolve("usr/lib64/libcublasLt.so.13"));
    String whyNot = readiness(Map.of()).whyNot();
    assertTrue(whyNot.contains("is made for CUDA 12, and cuBLASLt "), whyNot);
    assertTrue(whyNot.contains("take both from one place"), whyNot);
  }

  @Test
  void aGivenCublasOfAnotherCudaIsSaidToo() throws IOException {
    whole(13);
    driver.gives("cuDriverGetVersion", 13000);
    Path other = Files.writeString(root.resolve("libcublasLt.so.12"), "");
    String whyNot = readiness(Map.of("ENGINE_CUBLASLT", other.toString())).whyNot();
    assertTrue(whyNot.contains("cuBLASLt " + other + " is of another"), whyNot);
  }

  /** cuDNN then has fewer engines, and that is for doctor to say. */
  @Test
  void anNvrtcOfAnotherCudaRefusesNothing() throws IOException {
    whole(12);
    Files.writeString(root.resolve("usr/lib64/libnvrtc.so.13"), "");
    assertNull(readiness(Map.of()).whyNot());
    assertTrue(
        VendorLibraries.mismatch(LibraryFinder.Library.NVRTC, new LibraryFinder(Map.of(), root))
            .contains("NVRTC"));
  }

  @Test
  void aCudnnWithAPartMissingIsSaidBesideTheOtherReasons() throws IOException {
    whole(12);
    Files.delete(root.resolve("usr/lib64/libcudnn_graph.so.9"));
    driver.fails("cuInit", CudaDriver.CUDA_ERROR_NO_DEVICE);
    List<String> reasons = readiness(Map.of("CUDA_VISIBLE_DEVICES", "")).reasons();
    assertEquals(2, reasons.size(), reasons.toString());
    assertTrue(reasons.get(0).startsWith("CUDA_VISIBLE_DEVICES is empty, which hides every GPU"));
    assertTrue(reasons.get(1).contains("without libcudnn_graph.so.9: install cuDNN again"));
  }

  @Test
  void whatHidesTheGpusIsNamed() throws IOException {
    whole(12);
    driver.gives("cuDeviceGetCount", 0);
    for (String gpu : List.of("0000:01:00.0", "0000:02:00.0")) {
      Files.createDirectories(root.resolve("proc/driver/nvidia/gpus").resolve(gpu));
    }
    for (String[] c :
        new String[][] {
          {" ", "is empty, which hides every GPU: unset it"},
          {"-1", "is '-1', which hides every GPU"},
          {"NoDevFiles", "hides every GPU"},
          {"7", "is '7', and this machine has 2 GPUs, numbered from 0: nvidia-smi -L lists"},
          {"0,0", "names 0 twice"},
          {"gpu1", "'gpu1' is neither the number nor the UUID of a GPU"},
          {"0;1", "'0;1' is neither"},
          {"GPU-12ab", "there is no such GPU"},
          {"MIG-12ab", "there is no such MIG slice"},
          {"0,1", "none of these is here"}
        }) {
      String whyNot = readiness(Map.of("CUDA_VISIBLE_DEVICES", c[0])).whyNot();
      assertTrue(whyNot.startsWith("CUDA_VISIBLE_DEVICES ") && whyNot.contains(c[1]), whyNot);
    }
    String mig = readiness(Map.of()).whyNot();
    assertTrue(mig.startsWith("this machine has 2 GPUs, and the driver shows"), mig);
    assertTrue(mig.contains("in MIG mode make a slice (nvidia-smi mig -cgi 0 -C)"), mig);
  }

  @Test
  void aGpuBeforeTuringIsRefusedUnlessThereIsAnother() throws IOException {
    whole(12);
    driver.answer("cuDeviceGetAttribute", a -> capability(a, 7));
    assertEquals(
        "Software GPU (PTX in Java) has compute capability 7.0, and the kernels need 7.5 (Turing) or later: use --device cpu",
        readiness(Map.of()).whyNot());
    driver.gives("cuDeviceGetCount", 2);
    driver.answer("cuDeviceGetName", _ -> 0);
    driver.answer("cuDeviceGetAttribute", a -> capability(a, (int) a[2] == 0 ? 7 : 9));
    assertNull(readiness(Map.of()).whyNot());
  }

  @Test
  void aHopperWantsALaterDriverThanTheOthers() throws IOException {
    whole(12);
    driver.gives("cuDriverGetVersion", 12000);
    assertNull(readiness(Map.of()).whyNot());
    driver.answer("cuDeviceGetAttribute", a -> capability(a, 9));
    assertEquals(
        "a Hopper GPU needs the compiler of driver 530 (CUDA 12.1) or later, and the driver here is for CUDA 12.0: update it",
        readiness(Map.of()).whyNot());
    driver.gives("cuDriverGetVersion", 12010);
    assertNull(readiness(Map.of()).whyNot());
  }

  /** Of compute capability MAJOR.0. */
  private static int capability(Object[] arguments, int major) {
    boolean asked = (int) arguments[1] == CudaDriver.CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR;
    PretendedDriver.put((long) arguments[0], asked ? major : 0);
    return 0;
  }

  private CudaReadiness readiness(Map<String, String> environment) {
    return new CudaReadiness(
        new LibraryFinder(environment, root),
        new VisibleDevices(environment, root),
        _ -> driver.driver());
  }

  /** Libraries of one CUDA; nothing but the driver is loaded, and that is not this file. */
  private void whole(int cuda) throws IOException {
    Path folder = Files.createDirectories(root.resolve("usr/lib64"));
    for (String part :
        List.of("graph", "heuristic", "engines_precompiled", "engines_runtime_compiled", "ops")) {
      Files.writeString(folder.resolve("libcudnn_" + part + ".so.9"), "libcublasLt.so." + cuda);
    }
    for (String name : List.of("libcudnn.so.9", "libcuda.so.1", "libcublasLt.so." + cuda)) {
      Files.writeString(folder.resolve(name), "");
    }
  }
}
