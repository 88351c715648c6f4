package engine.backend.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import engine.backend.kernels.KernelSources;
import engine.backend.sim.exec.SimOptions;
import engine.ffi.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Two streams that use one place with nothing to order them are found, whichever comes first here;
 * what does order them is known.
 */
final class StreamOrderTest {
  private static final int N = 256;

  private final SimGpu gpu = new SimGpu(SimOptions.standard().withThreads(1));
  private final long reverse = gpu.function(gpu.load(KernelSources.ptx("planted")), "reverse");
  private final long copies = gpu.stream();
  private final long compute = gpu.stream();
  private final long x = gpu.allocate(4 * N);
  private final long y = gpu.allocate(4 * N);

  @AfterEach
  void close() {
    gpu.close();
  }

  @Test
  void aKernelThatDoesNotWaitForTheCopyItReadsIsNamed() {
    gpu.ok(copy());
    race(
        kernel(),
        "kernel reverse on stream 2 reads allocation #",
        "(1,024 bytes, cuMemAlloc), which cuMemcpyHtoDAsync on stream 1 writes");
  }

  @Test
  void aCopyThatDoesNotWaitForTheKernelBeforeItIsNamed() {
    gpu.ok(copy());
    after(copies, compute);
    gpu.ok(kernel());
    race(copy(), "cuMemcpyHtoDAsync on stream 1 writes", "which kernel reverse on stream 2 reads");
  }

  @Test
  void eventsInBothDirectionsOrderEveryRound() {
    for (int round = 0; round < 40; round++) {
      gpu.ok(copy());
      after(copies, compute);
      gpu.ok(kernel());
      after(compute, copies);
    }
  }

  @Test
  void anEventOrdersOnlyWhatCameBeforeIt() {
    long event = gpu.event();
    gpu.ok(gpu.driver.cuEventRecord(event, copies));
    gpu.ok(copy());
    gpu.ok(gpu.driver.cuStreamWaitEvent(compute, event, 0));
    race(kernel(), "a race of two streams");
  }

  @Test
  void orderPassesOnThroughAThirdStream() {
    long between = gpu.stream();
    gpu.ok(copy());
    after(copies, between);
    after(between, compute);
    gpu.ok(kernel());
  }

  @Test
  void aWaitOfTheHostOrdersToo() {
    gpu.ok(copy());
    gpu.ok(gpu.driver.cuStreamSynchronize(copies));
    gpu.ok(kernel());
    long event = gpu.event();
    gpu.ok(gpu.driver.cuEventRecord(event, compute));
    gpu.ok(gpu.driver.cuEventSynchronize(event));
    gpu.ok(copy());
  }

  @Test
  void streamsMayReadOnePlaceAndWriteItsOtherBytes() {
    gpu.ok(copy());
    after(copies, compute);
    gpu.ok(kernel());
    long z = gpu.allocate(4 * N);
    gpu.ok(gpu.launchOn(copies, reverse, 1, N, x, z)); // both read x
    gpu.ok(gpu.copyOn(copies, z, new float[N / 2]));
    gpu.ok(gpu.driver.cuMemsetD8Async(z + 2 * N, (byte) 0, 2 * N, copies));
    after(copies, compute);
    gpu.ok(gpu.copyOn(copies, z, new float[N / 2]));
    gpu.ok(gpu.driver.cuMemsetD8Async(z + 2 * N, (byte) 0, 2 * N, compute));
    race(
        gpu.driver.cuMemsetD8Async(z + 2 * N - 1, (byte) 0, 2 * N, compute),
        "cuMemsetD8Async on stream 2 writes");
  }

  @Test
  void theWorkOfAGraphIsLookedAtWhenItRuns() {
    long graph = capture();
    gpu.ok(copy());
    race(gpu.driver.cuGraphLaunch(graph, compute), "kernel reverse on stream 2 reads");
  }

  @Test
  void aGraphBehindAnEventIsInOrder() {
    long graph = capture();
    gpu.ok(copy());
    after(copies, compute);
    gpu.ok(gpu.driver.cuGraphLaunch(graph, compute));
  }

  @Test
  void aBlockingStreamWaitsForTheDefaultOne() {
    gpu.ok(gpu.driver.cuStreamCreate(gpu.out(), 0));
    long blocking = gpu.result();
    gpu.ok(gpu.copyOn(0, x, new float[N]));
    gpu.ok(gpu.launchOn(blocking, reverse, 1, N, x, y));
    gpu.ok(gpu.copyOn(0, x, new float[N]));
    race(kernel(), "which cuMemcpyHtoDAsync on the default stream writes");
  }

  @Test
  void anEventIsNotReadyBeforeTheHostHasWaited() {
    long event = gpu.event();
    assertEquals(0, gpu.driver.cuEventQuery(event), "never recorded");
    gpu.ok(copy());
    gpu.ok(gpu.driver.cuEventRecord(event, copies));
    assertEquals(CudaDriver.CUDA_ERROR_NOT_READY, gpu.driver.cuEventQuery(event));
    assertEquals(CudaDriver.CUDA_ERROR_NOT_READY, gpu.driver.cuStreamQuery(copies));
    gpu.ok(gpu.driver.cuStreamWaitEvent(compute, event, 0));
    gpu.ok(gpu.driver.cuMemsetD8Async(y, (byte) 0, 4, compute));
    gpu.ok(gpu.driver.cuStreamSynchronize(compute)); // which waited for the event
    assertEquals(0, gpu.driver.cuEventQuery(event));
    assertEquals(0, gpu.driver.cuStreamQuery(copies));
  }

  @Test
  void pinnedMemoryThatChangesBeforeItsCopyIsWaitedForIsNamed() {
    gpu.ok(gpu.driver.cuMemHostAlloc(gpu.out(), 4 * N, 0));
    MemorySegment pinned = MemorySegment.ofAddress(gpu.result()).reinterpret(4 * N);
    gpu.ok(gpu.driver.cuMemcpyHtoDAsync_v2(x, pinned.address(), 4 * N, copies));
    gpu.ok(gpu.driver.cuStreamSynchronize(copies));
    pinned.fill((byte) 1); // waited for
    gpu.ok(gpu.driver.cuMemcpyHtoDAsync_v2(x, pinned.address(), 4 * N, copies));
    gpu.ok(gpu.driver.cuStreamSynchronize(compute)); // another stream
    pinned.set(ValueLayout.JAVA_BYTE, 4 * N - 1, (byte) 2);
    race(
        gpu.driver.cuStreamSynchronize(copies),
        "the host changed the 1,024 bytes of pinned memory",
        "cuMemcpyHtoDAsync on stream 1 may still copy");
  }

  @Test
  void pinnedMemoryIsReadAndWrittenByOneStreamInItsOrder() {
    gpu.ok(gpu.driver.cuMemHostAlloc(gpu.out(), 4 * N, 0));
    long pinned = gpu.result();
    gpu.ok(gpu.driver.cuMemsetD8Async(y, (byte) 3, 4 * N, copies));
    gpu.ok(gpu.driver.cuMemcpyHtoDAsync_v2(x, pinned, 4 * N, copies));
    gpu.ok(gpu.driver.cuMemcpyDtoHAsync_v2(pinned, y, 4 * N, copies));
    gpu.ok(gpu.driver.cuStreamSynchronize(copies));
    gpu.ok(gpu.driver.cuMemcpyHtoDAsync_v2(x, pinned, 4 * N, copies));
    race(
        gpu.driver.cuMemcpyDtoHAsync_v2(pinned, y, 4 * N, compute),
        "cuMemcpyDtoHAsync on stream 2 writes pinned memory",
        "which cuMemcpyHtoDAsync on stream 1 reads");
  }

  private long capture() {
    gpu.ok(gpu.driver.cuStreamBeginCapture_v2(compute, CudaDriver.CU_STREAM_CAPTURE_MODE_RELAXED));
    gpu.ok(kernel());
    gpu.ok(gpu.driver.cuStreamEndCapture(compute, gpu.out()));
    gpu.ok(gpu.driver.cuGraphInstantiateWithFlags(gpu.out(), gpu.result(), 0));
    return gpu.result();
  }

  private int copy() {
    return gpu.copyOn(copies, x, new float[N]);
  }

  private int kernel() {
    return gpu.launchOn(compute, reverse, 1, N, x, y);
  }

  /** What {@code second} does from now on comes after what {@code first} was told. */
  private void after(long first, long second) {
    long event = gpu.event();
    gpu.ok(gpu.driver.cuEventRecord(event, first));
    gpu.ok(gpu.driver.cuStreamWaitEvent(second, event, 0));
  }

  private void race(int status, String... parts) {
    assertEquals(CudaDriver.CUDA_ERROR_LAUNCH_FAILED, status, gpu.device::lastReport);
    for (String part : parts) {
      assertTrue(
          gpu.device.lastReport().contains(part),
          () -> part + " is not in: " + gpu.device.lastReport());
    }
  }
}
