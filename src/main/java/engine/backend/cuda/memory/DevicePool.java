package engine.backend.cuda.memory;

import static engine.ffi.CudaDriver.CUDA_ERROR_OUT_OF_MEMORY;

import engine.backend.OutOfDeviceMemoryException;
import engine.backend.cuda.driver.Gpu;
import engine.base.Setting;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Device memory. Blocks that are given back are kept and handed out again, because {@code
 * cuMemAlloc} waits for the device; one stream does all work, so a block may be used again as soon
 * as its last user was issued. An exact pool keeps nothing: each tensor is an allocation of its
 * own, of exactly its size, so that the software GPU sees where it ends and when it dies.
 */
public final class DevicePool implements AutoCloseable {
  private static final long SMALL = 512;
  private static final long LARGE = 2 << 20;

  /** A NaN of every type when it fills one. */
  private static final byte NAN = (byte) 0xff;

  private final Gpu gpu;
  private final boolean exact;
  private final MemorySegment out;
  private final Arena arena = Arena.ofShared();

  /** Free blocks by their size, and the size of every block taken from the driver. */
  private final TreeMap<Long, ArrayDeque<Long>> free = new TreeMap<>();

  private final Map<Long, Long> sizes = new HashMap<>();
  private long committed;

  /** Of the free blocks. */
  private long freeBytes;

  private boolean recording;

  public DevicePool(Gpu gpu, boolean exact) {
    this.gpu = gpu;
    this.exact = exact;
    out = arena.allocate(ValueLayout.JAVA_LONG);
  }

  /**
   * Memory aligned for 16-byte accesses.
   *
   * @throws OutOfDeviceMemoryException if the device has none left
   */
  long allocate(long bytes) {
    long size = exact ? bytes : round(bytes);
    var fit = free.ceilingEntry(size);
    // A much larger block would be missed by the next large tensor.
    if (fit != null && fit.getKey() <= size + size / 4) {
      long block = fit.getValue().pop();
      if (fit.getValue().isEmpty()) {
        free.remove(fit.getKey());
      }
      freeBytes -= fit.getKey();
      return block;
    }
    int status = gpu.driver.cuMemAlloc_v2(out.address(), size);
    // What is being recorded may name free blocks, and nothing may wait for it.
    if (status == CUDA_ERROR_OUT_OF_MEMORY && !free.isEmpty() && !recording) {
      trim();
      status = gpu.driver.cuMemAlloc_v2(out.address(), size);
    }
    if (status == CUDA_ERROR_OUT_OF_MEMORY) {
      long usable = usableBytes();
      throw new OutOfDeviceMemoryException(
          ("this needs more than %,d MiB of memory and %,d MiB of the %,d MiB on %s may be used: use a smaller "
                  + Setting.BATCH
                  + " or "
                  + Setting.IMAGE_SIZE
                  + ", or end other programs on this GPU")
              .formatted(
                  (committed + size - 1) >> 20, usable >> 20, gpu.totalBytes >> 20, gpu.name),
          usable);
    }
    gpu.errors.check(status, "cuMemAlloc", "%,d bytes".formatted(size));
    long block = out.get(ValueLayout.JAVA_LONG, 0);
    sizes.put(block, size);
    committed += size;
    return block;
  }

  void free(long block) {
    if (exact) {
      release(block);
    } else {
      long size = sizes.get(block);
      free.computeIfAbsent(size, s -> new ArrayDeque<>()).push(block);
      freeBytes += size;
    }
  }

  /** Gives every free block back to the driver; not while something is recorded. */
  void trim() {
    if (recording) {
      throw new IllegalStateException("a recording names blocks that are free by now");
    }
    gpu.synchronize();
    free.values().forEach(blocks -> blocks.forEach(this::release));
    free.clear();
    freeBytes = 0;
  }

  /**
   * From now on nothing is given back to the driver, which would have to wait for the stream that
   * is recorded. Free blocks of other sizes than the work wants would then stand in its way: where
   * memory is short they go now.
   */
  void startRecording() {
    if (freeBytes > gpu.freeBytes()) {
      trim();
    }
    recording = true;
  }

  void stopRecording() {
    recording = false;
  }

  private void release(long block) {
    gpu.errors.check(gpu.driver.cuMemFree_v2(block), "cuMemFree", "");
    committed -= sizes.remove(block);
  }

  /** Fills memory with NaN. */
  void poison(long block, long bytes) {
    gpu.errors.check(
        gpu.driver.cuMemsetD8Async(block, NAN, bytes, gpu.stream), "cuMemsetD8Async", "poison");
  }

  boolean isExact() {
    return exact;
  }

  /** Bytes that this process can have in all, as things are now. */
  long usableBytes() {
    return committed + gpu.freeBytes();
  }

  /** Bytes taken from the driver and not given back. */
  long committedBytes() {
    return committed;
  }

  /** Blocks taken from the driver and not given back, in use or free. */
  public int blocks() {
    return sizes.size();
  }

  static long round(long bytes) {
    long unit = bytes > LARGE / 2 ? LARGE : SMALL;
    return (bytes + unit - 1) / unit * unit;
  }

  /** Frees everything, in use or not. */
  @Override
  public void close() {
    gpu.synchronize();
    java.util.List.copyOf(sizes.keySet()).forEach(this::release);
    free.clear();
    freeBytes = 0;
    arena.close();
  }
}
