package engine.backend.cuda.driver;

import engine.backend.KernelTime;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The GPU's clock: events on its stream. While somebody listens, every launch is made several times
 * between two of them, and before it the stream is kept busy for a moment: so no event waits for
 * the host, whose launches take longer than many a kernel. What such work computes is of no use.
 * Work that is being captured cannot be timed.
 */
public final class KernelClock implements AutoCloseable {
  /** Launches between two events, on a real GPU. */
  public static final int BATCH = 10;

  /**
   * What is filled with zeros to keep the stream busy: 0.1 to 1 ms, ten launches of a slow host.
   */
  private static final long BUSY_BYTES = 256 << 20;

  private record Launch(String name, double bytes, long from, long to) {}

  private final Gpu gpu;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
  private final int batch;
  private List<Launch> launches;

  /** Device memory to be busy with, or 0. */
  private long busy;

  /** Of as many launches as have one. */
  private final List<String> ops = new ArrayList<>();

  /**
   * @param batch how often each launch is made while somebody listens
   */
  public KernelClock(Gpu gpu, int batch) {
    this.gpu = gpu;
    this.batch = batch;
  }

  /** Whether somebody listens. */
  public boolean isOn() {
    return launches != null;
  }

  /** How often the launch after {@link #start} is to be made. */
  public int runs() {
    return isOn() ? batch : 1;
  }

  /** An event now; 0 if nobody listens. */
  public long start() {
    if (!isOn()) {
      return 0;
    }
    if (busy != 0) {
      gpu.errors.check(
          gpu.driver.cuMemsetD8Async(busy, (byte) 0, BUSY_BYTES, gpu.stream),
          "cuMemsetD8Async",
          "");
    }
    return event();
  }

  /** Notes what was launched since an event that {@link #start} gave. */
  public void stop(long from, String name, double bytes) {
    if (isOn()) {
      launches.add(new Launch(name, bytes, from, event()));
    }
  }

  /** Notes for which op the launches since the last call were; empty for none. */
  public void ran(String op) {
    while (isOn() && ops.size() < launches.size()) {
      ops.add(op);
    }
  }

  /** Every launch that {@code work} makes, by kernel, those that took longest first. */
  public List<KernelTime> times(Runnable work) {
    launches = new ArrayList<>();
    ops.clear();
    // Where there is no memory for it the stream is not kept busy.
    boolean free =
        batch > 1 && gpu.driver.cuMemAlloc_v2(out.address(), BUSY_BYTES) == CudaDriver.CUDA_SUCCESS;
    busy = free ? out.get(ValueLayout.JAVA_LONG, 0) : 0;
    try {
      work.run();
      gpu.synchronize();
      ran("");
      Map<String, KernelTime> byName = new LinkedHashMap<>();
      for (int i = 0; i < launches.size(); i++) {
        Launch l = launches.get(i);
        List<String> op = ops.get(i).isEmpty() ? List.of() : List.of(ops.get(i));
        KernelTime one = new KernelTime(l.name, op, 1, elapsed(l.from, l.to) / batch, l.bytes);
        byName.merge(l.name, one, KernelClock::sum);
      }
      return byName.values().stream()
          .sorted(Comparator.comparingDouble(KernelTime::milliseconds).reversed())
          .toList();
    } finally {
      for (Launch l : launches) {
        destroy(l.from);
        destroy(l.to);
      }
      launches = null;
      if (busy != 0) {
        gpu.errors.check(gpu.driver.cuMemFree_v2(busy), "cuMemFree", "");
        busy = 0;
      }
    }
  }

  private static KernelTime sum(KernelTime a, KernelTime b) {
    return new KernelTime(
        a.kernel(),
        Stream.concat(a.ops().stream(), b.ops().stream()).distinct().toList(),
        a.launches() + b.launches(),
        a.milliseconds() + b.milliseconds(),
        a.bytes() + b.bytes());
  }

  /** Milliseconds from the start of {@code work} until the GPU has done all of it. */
  public double milliseconds(Runnable work) {
    long from = event();
    work.run();
    long to = event();
    gpu.errors.check(gpu.driver.cuEventSynchronize(to), "cuEventSynchronize", "");
    double ms = elapsed(from, to);
    destroy(from);
    destroy(to);
    return ms;
  }

  private long event() {
    gpu.errors.check(
        gpu.driver.cuEventCreate(out.address(), CudaDriver.CU_EVENT_DEFAULT), "cuEventCreate", "");
    long e = out.get(ValueLayout.JAVA_LONG, 0);
    gpu.errors.check(gpu.driver.cuEventRecord(e, gpu.stream), "cuEventRecord", "");
    return e;
  }

  private double elapsed(long from, long to) {
    gpu.errors.check(
        gpu.driver.cuEventElapsedTime(out.address(), from, to), "cuEventElapsedTime", "");
    return out.get(ValueLayout.JAVA_FLOAT, 0);
  }

  private void destroy(long event) {
    gpu.errors.check(gpu.driver.cuEventDestroy_v2(event), "cuEventDestroy", "");
  }

  @Override
  public void close() {
    arena.close();
  }
}
