package engine.backend.cuda.driver;

import engine.backend.cuda.layout.PaddedChannels;
import engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Launches kernels: {@code launcher.kernel("scale").of(x).of(y).of(n).of(factor).threads(n)}.
 * Arguments are checked against the kernel's own declaration; the driver has copied them when the
 * launch returns, so one native buffer serves every launch. One thread issues.
 */
public final class Launcher implements AutoCloseable {
  private static final int BLOCK = 256;
  private static final int WARP = 32;

  /** Blocks a multiprocessor: enough to fill it several times over, few enough to start quickly. */
  private static final int BLOCKS_EACH = 32;

  private static final int MAX_BYTES = 4096;
  private static final int MAX_ARGUMENTS = 32;

  private final Gpu gpu;
  private final Kernels kernels;
  private final KernelClock clock;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment values = arena.allocate(2 * MAX_BYTES, 16);
  private final MemorySegment pointers = arena.allocate(8L * MAX_ARGUMENTS, 8);
  private final Set<String> launched = new HashSet<>();
  private Kernels.Kernel kernel;
  private int arguments;
  private int at;

  /** Of the tensors among the arguments, each counted once; kept while the clock is on. */
  private final Map<Long, Long> bytes = new HashMap<>();

  public Launcher(Gpu gpu, Kernels kernels, KernelClock clock) {
    this.gpu = gpu;
    this.kernels = kernels;
    this.clock = clock;
  }

  static long bytes(Tensor t) {
    return t.shape().elements() * t.dtype().bytes();
  }

  /** Starts the argument list of a kernel. */
  public Launcher kernel(String name) {
    kernel = kernels.get(name);
    launched.add(name);
    arguments = 0;
    at = 0;
    bytes.clear();
    return this;
  }

  /** The address of a tensor; null for a pointer that the kernel allows to be null. */
  public Launcher of(Tensor t) {
    if (t != null && t.layout() == PaddedChannels.INSTANCE) {
      throw new IllegalStateException("a kernel would read the zeros among the channels of " + t);
    }
    if (t != null && clock.isOn()) {
      bytes.merge(t.address(), bytes(t), Math::max);
    }
    return of(t == null ? 0 : t.address());
  }

  /** Pointers to tensors, by value. */
  public Launcher of(TensorLists.Struct lists) {
    if (clock.isOn()) {
      bytes.put(lists.segment().address(), lists.bytes());
    }
    return of(lists.segment());
  }

  public Launcher of(long v) {
    values.set(ValueLayout.JAVA_LONG, place(8), v);
    return this;
  }

  public Launcher of(int v) {
    values.set(ValueLayout.JAVA_INT, place(4), v);
    return this;
  }

  public Launcher of(float v) {
    values.set(ValueLayout.JAVA_FLOAT, place(4), v);
    return this;
  }

  public Launcher of(double v) {
    values.set(ValueLayout.JAVA_DOUBLE, place(8), v);
    return this;
  }

  public Launcher of(boolean v) {
    return of(v ? 1 : 0);
  }

  /** A struct, by value. */
  public Launcher of(MemorySegment struct) {
    long to = place(Math.toIntExact(struct.byteSize()));
    MemorySegment.copy(struct, 0, values, to, struct.byteSize());
    return this;
  }

  private long place(int bytes) {
    if (arguments >= kernel.parameterBytes().length
        || bytes != kernel.parameterBytes()[arguments]) {
      throw new IllegalStateException(
          "argument %d of %s is %d bytes here; it declares parameters of %s bytes"
              .formatted(
                  arguments,
                  kernel.name(),
                  bytes,
                  java.util.Arrays.toString(kernel.parameterBytes())));
    }
    at = (at + 7) / 8 * 8;
    long here = at;
    at += bytes;
    pointers.setAtIndex(ValueLayout.JAVA_LONG, arguments++, values.address() + here);
    return here;
  }

  /** Enough threads for {@code n} pieces of work; the kernel's loop does what is beyond. */
  public void threads(long n) {
    grid(blocks(n, BLOCK), 1, BLOCK);
  }

  /** A warp each for {@code n} pieces of work. */
  public void warps(long n) {
    grid(blocks(n, BLOCK / WARP), 1, BLOCK);
  }

  /** Blocks that share {@code n} pieces of work, at {@code each} a block and turn. */
  public int blocks(long n, int each) {
    return (int)
        Math.max(1, Math.min((n + each - 1) / each, (long) gpu.multiprocessors * BLOCKS_EACH));
  }

  /** Launches {@code x} by {@code y} blocks of {@code block} threads. */
  public void grid(int x, int y, int block) {
    grid(x, y, 1, block, 1);
  }

  /** Launches {@code x} by {@code y} by {@code z} blocks of {@code blockX} by {@code blockY}. */
  public void grid(int x, int y, int z, int blockX, int blockY) {
    if (arguments != kernel.parameterBytes().length) {
      throw new IllegalStateException(
          kernel.name()
              + " has "
              + kernel.parameterBytes().length
              + " parameters, not "
              + arguments);
    }
    long before = clock.start();
    for (int run = clock.runs(); run > 0; run--) {
      int status =
          gpu.driver.cuLaunchKernel(
              kernel.function(), x, y, z, blockX, blockY, 1, 0, gpu.stream, pointers.address(), 0);
      if (status != engine.ffi.CudaDriver.CUDA_SUCCESS) {
        throw gpu.errors.exception(
            status,
            "cuLaunchKernel",
            "%s, %dx%dx%d blocks of %dx%d threads"
                .formatted(kernel.name(), x, y, z, blockX, blockY));
      }
    }
    if (clock.isOn()) {
      clock.stop(before, kernel.name(), bytes.values().stream().mapToDouble(b -> b).sum());
    }
  }

  /** Names of all kernels so far. */
  public Set<String> launched() {
    return Set.copyOf(launched);
  }

  @Override
  public void close() {
    arena.close();
  }
}
