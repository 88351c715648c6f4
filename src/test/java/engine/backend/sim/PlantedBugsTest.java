package engine.backend.sim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.kernels.KernelSources;
import engine.backend.sim.exec.SimOptions;
import engine.ffi.CudaDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The kernels of {@code cuda/planted.cu}: each bug is found, and the report says where it is. */
final class PlantedBugsTest {
  private static final int N = 256;

  private final SimGpu gpu =
      new SimGpu(SimOptions.standard().withThreads(2).withStepsPerBlock(100_000));
  private final long module = gpu.load(KernelSources.ptx("planted"));

  @AfterEach
  void close() {
    gpu.close();
  }

  @Test
  void aStorePastTheEndNamesTheAllocation() {
    long x = gpu.floats(new float[N + 1]);
    long y = gpu.allocate(4 * N);
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("planted_out_of_bounds"), 2, N, 0, x, y, N),
        "thread (0,0,0) of block (1,0,0)",
        line("if (i <= n)"),
        "writes 4 bytes",
        "0 bytes past the end of allocation #2 (1,024 bytes, cuMemAlloc)",
        "st.global.f32");
  }

  @Test
  void aReadBeforeTheStartNamesTheAllocation() {
    long x = gpu.floats(new float[N]);
    long y = gpu.floats(new float[N]);
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("reverse"), 1, N, 0, x - 8, y),
        "thread (0,0,0)",
        "8 bytes before the start of allocation");
  }

  @Test
  void aNullPointerIsCalledNull() {
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("reverse"), 1, N, 0, 0L, gpu.allocate(4 * N)),
        "null");
  }

  @Test
  void aMisalignedVectorLoadNamesTheAlignment() {
    long x = gpu.floats(new float[N]);
    report(
        CudaDriver.CUDA_ERROR_MISALIGNED_ADDRESS,
        gpu.launch(kernel("planted_misaligned"), 1, 32, 0, x, gpu.allocate(4 * N), 32),
        line("reinterpret_cast<const float4*>"),
        "reads 16 bytes",
        "not a multiple of 16",
        "ld.global.v4.f32");
  }

  @Test
  void aMissingBarrierNamesBothThreadsAndLines() {
    long x = gpu.floats(numbers());
    report(
        CudaDriver.CUDA_ERROR_LAUNCH_FAILED,
        gpu.launch(kernel("planted_race"), 1, N, 0, x, gpu.allocate(4 * N)),
        "a race",
        line("tile[t] = x[t]"),
        "read it before at " + line("y[t] = tile[255 - t]"),
        "no barrier between them",
        "shared+");
  }

  @Test
  void withItsBarrierTheSameKernelIsRight() {
    long x = gpu.floats(numbers());
    long y = gpu.allocate(4 * N);
    gpu.ok(gpu.launch(kernel("reverse"), 1, N, 0, x, y));
    float[] reversed = new float[N];
    for (int i = 0; i < N; i++) {
      reversed[i] = N - 1 - i;
    }
    assertArrayEquals(reversed, gpu.readFloats(y, N));
  }

  @Test
  void blocksThatShareAPlaceNameEachOther() {
    long sum = gpu.floats(0);
    report(
        CudaDriver.CUDA_ERROR_LAUNCH_FAILED,
        gpu.launch(kernel("planted_block_race"), 4, 32, 0, sum),
        "a race",
        line("sum[0] +="),
        "nothing orders blocks");
  }

  @Test
  void sharedMemoryThatNobodyWroteIsNotRead() {
    long x = gpu.floats(numbers());
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("planted_uninitialised"), 1, N, 0, x, gpu.allocate(4 * N)),
        "thread (1,0,0)",
        "shared+4: never written before");
  }

  @Test
  void globalMemoryThatNobodyWroteIsNotRead() {
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("reverse"), 1, N, 0, gpu.allocate(4 * N), gpu.allocate(4 * N)),
        "never written before, 0 bytes into allocation");
  }

  @Test
  void aBarrierInABranchNamesWhoIsMissing() {
    long x = gpu.floats(numbers());
    report(
        CudaDriver.CUDA_ERROR_LAUNCH_FAILED,
        gpu.launch(kernel("planted_lost_barrier"), 1, N, 0, x, gpu.allocate(4 * N), 40),
        "a barrier that not all threads of the warp reach: 8 of 32 lanes are here",
        line("    __syncthreads();\n    y[t] = tile[n - 1 - t]"));
  }

  @Test
  void aShuffleThatWaitsForAnotherBranchNamesTheLane() {
    long x = gpu.floats(numbers());
    report(
        CudaDriver.CUDA_ERROR_LAUNCH_FAILED,
        gpu.launch(kernel("planted_lost_shuffle"), 1, 32, 0, x, gpu.allocate(4 * N), 20),
        "names lane 20",
        "shfl.sync.down");
  }

  @Test
  void aLoopWithoutEndIsStopped() {
    report(
        CudaDriver.CUDA_ERROR_LAUNCH_TIMEOUT,
        gpu.launch(kernel("planted_endless"), 1, 32, 0, gpu.allocate(4 * N), 3),
        "seems to run for ever");
  }

  @Test
  void useAfterFreeNamesTheFreedAllocation() {
    long x = gpu.floats(numbers());
    long y = gpu.allocate(4 * N);
    gpu.ok(gpu.driver.cuMemFree_v2(x));
    report(
        CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS,
        gpu.launch(kernel("reverse"), 1, N, 0, x, y),
        "use after free: 0 bytes into allocation #1");
  }

  @Test
  void freeingTwiceIsRefused() {
    long x = gpu.floats(numbers());
    gpu.ok(gpu.driver.cuMemFree_v2(x));
    report(CudaDriver.CUDA_ERROR_INVALID_VALUE, gpu.driver.cuMemFree_v2(x), "use after free");
  }

  @Test
  void whatIsNeverFreedIsListed() {
    int before = gpu.device.leaks().size();
    long kept = gpu.allocate(100);
    long freed = gpu.allocate(200);
    gpu.ok(gpu.driver.cuMemFree_v2(freed));
    assertEquals(1, gpu.device.leaks().size() - before);
    assertEquals(100, gpu.device.leaks().getLast().bytes());
    gpu.ok(gpu.driver.cuMemFree_v2(kept));
    assertEquals(before, gpu.device.leaks().size());
  }

  @Test
  void aFaultBreaksEveryCallAfterIt() {
    int first = gpu.launch(kernel("reverse"), 1, N, 0, 0L, 0L);
    assertEquals(CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS, first);
    assertEquals(first, gpu.driver.cuCtxSynchronize());
    assertEquals(first, gpu.driver.cuMemAlloc_v2(gpu.out(), 16));
  }

  private long kernel(String name) {
    return gpu.function(module, name);
  }

  private void report(int expected, int status, String... parts) {
    assertEquals(expected, status, gpu.device::lastReport);
    for (String part : parts) {
      assertTrue(
          gpu.device.lastReport().contains(part),
          () -> part + " is not in: " + gpu.device.lastReport());
    }
  }

  /** {@code planted.cu:LINE} of the line of the source that begins with, or holds, a text. */
  private static String line(String text) {
    String source = KernelSources.source("planted");
    int at = source.indexOf(text);
    assertTrue(at >= 0, text);
    return "planted.cu:"
        + (source.substring(0, at).lines().count() + (source.charAt(at - 1) == '\n' ? 1 : 0));
  }

  private static float[] numbers() {
    float[] all = new float[N];
    for (int i = 0; i < N; i++) {
      all[i] = i;
    }
    return all;
  }
}
