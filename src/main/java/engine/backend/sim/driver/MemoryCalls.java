package engine.backend.sim.driver;

import engine.backend.sim.memory.Allocation;
import engine.backend.sim.memory.DeviceMemory;
import engine.ffi.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Memory on the device and pinned memory on the host, and copies. A copy's device range must lie in
 * one allocation; what is copied to the host must have been written.
 */
final class MemoryCalls {
  private final SimDevice device;
  private final DeviceMemory memory;
  private final TreeMap<Long, Pinned> pinned = new TreeMap<>();

  private record Pinned(Arena arena, long bytes) {}

  MemoryCalls(SimDevice device) {
    this.device = device;
    memory = device.memory;
  }

  void cuMemGetInfo_v2(long free, long total) {
    device.context.requireCurrent();
    HostMemory.putLong(free, "free", memory.capacity() - memory.liveBytes());
    HostMemory.putLong(total, "total", memory.capacity());
  }

  void cuMemAlloc_v2(long dptr, long bytesize) {
    device.context.requireCurrent();
    device.streams.forbidDuringCapture("cuMemAlloc");
    HostMemory.notNull(dptr, "dptr");
    if (bytesize <= 0) {
      throw invalid("bytesize is %,d, and an allocation needs at least 1 byte".formatted(bytesize));
    }
    Allocation a = memory.allocate(bytesize, "cuMemAlloc");
    if (a == null) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_OUT_OF_MEMORY,
          "no room for %,d bytes: %,d of %,d are in use; give the software GPU more with -Dengine.sim.memory=MIB"
              .formatted(bytesize, memory.liveBytes(), memory.capacity()));
    }
    HostMemory.putLong(dptr, "dptr", a.offset() + DeviceMemory.BASE);
  }

  void cuMemFree_v2(long dptr) {
    device.context.requireCurrent();
    device.streams.order().hostWaitsForAll();
    Allocation a = memory.allocationAt(dptr - DeviceMemory.BASE);
    if (dptr != 0 && !memory.free(dptr - DeviceMemory.BASE)) {
      throw invalid(
          "nothing that is live was allocated at 0x%x: %s"
              .formatted(dptr, memory.explain(dptr - DeviceMemory.BASE, 1)));
    }
    if (a != null) {
      device.streams.order().freed(a);
    }
  }

  @SuppressWarnings("MustBeClosedChecker") // closed by cuMemFreeHost
  void cuMemHostAlloc(long pp, long bytesize, int flags) {
    device.context.requireCurrent();
    HostMemory.notNull(pp, "pp");
    if (bytesize <= 0 || (flags & ~7) != 0) {
      throw invalid("bytesize is %,d, Flags 0x%x".formatted(bytesize, flags));
    }
    Arena arena = Arena.ofShared();
    MemorySegment s = arena.allocate(bytesize, 4096);
    pinned.put(s.address(), new Pinned(arena, bytesize));
    HostMemory.putLong(pp, "pp", s.address());
  }

  void cuMemFreeHost(long p) {
    Pinned freed = pinned.remove(p);
    if (freed == null) {
      throw invalid("0x%x is not from cuMemHostAlloc, or was freed before".formatted(p));
    }
    device.streams.order().pinned().freed(p, freed.bytes);
    freed.arena.close();
  }

  private boolean isPinned(long address, long n) {
    Map.Entry<Long, Pinned> e = pinned.floorEntry(address);
    return e != null && address + n <= e.getKey() + e.getValue().bytes;
  }

  // ---- copies ----

  void cuMemcpyHtoD_v2(long dst, long src, long n) {
    device.context.requireCurrent();
    device.streams.forbidDuringCapture("cuMemcpyHtoD");
    checkUpload(dst, src, n);
    runNow("cuMemcpyHtoD", Use.write(dst, n), () -> upload(dst, src, n));
  }

  void cuMemcpyDtoH_v2(long dst, long src, long n) {
    device.context.requireCurrent();
    device.streams.forbidDuringCapture("cuMemcpyDtoH");
    checkDownload(dst, src, n);
    runNow("cuMemcpyDtoH", Use.read(src, n), () -> download(dst, src, n));
  }

  /** On the default stream, for which the host waits. */
  private void runNow(String call, Use use, Runnable action) {
    submit(0, call, List.of(use), action);
    device.streams.cuStreamSynchronize(0);
  }

  private void submit(long stream, String call, List<Use> uses, Runnable action) {
    device.streams.submit(stream, new Work(call, uses, action));
  }

  void cuMemcpyHtoDAsync_v2(long dst, long src, long n, long stream) {
    checkUpload(dst, src, n);
    submit(stream, "cuMemcpyHtoDAsync", List.of(Use.write(dst, n)), () -> upload(dst, src, n));
    Stream s = device.streams.stream(stream);
    if (s.capture == null && n > 0 && isPinned(src, n) && device.looksForRaces()) {
      device.streams.order().pinned().copied(s, src, n);
    }
  }

  void cuMemcpyDtoHAsync_v2(long dst, long src, long n, long stream) {
    checkDownload(dst, src, n);
    Stream s = device.streams.stream(stream);
    if (s.capture == null && n > 0) {
      device.streams.order().pinned().overwritten(s, dst, n);
    }
    submit(stream, "cuMemcpyDtoHAsync", List.of(Use.read(src, n)), () -> download(dst, src, n));
  }

  void cuMemcpyDtoDAsync_v2(long dst, long src, long n, long stream) {
    checkRange(src, n, "srcDevice");
    checkRange(dst, n, "dstDevice");
    List<Use> uses = List.of(Use.read(src, n), Use.write(dst, n));
    submit(stream, "cuMemcpyDtoDAsync", uses, () -> move(dst, src, n));
  }

  void cuMemcpy2DAsync_v2(long pCopy, long stream) {
    HostMemory.notNull(pCopy, "pCopy");
    if (typeOf(pCopy, "src") != CudaDriver.CU_MEMORYTYPE_DEVICE
        || typeOf(pCopy, "dst") != CudaDriver.CU_MEMORYTYPE_DEVICE) {
      throw new CudaError(
          CudaDriver.CUDA_ERROR_NOT_SUPPORTED,
          "the software GPU copies 2-D regions from device to device only");
    }
    long width = field(pCopy, "WidthInBytes");
    long height = field(pCopy, "Height");
    long srcPitch = field(pCopy, "srcPitch");
    long dstPitch = field(pCopy, "dstPitch");
    long src = start(pCopy, "src", srcPitch);
    long dst = start(pCopy, "dst", dstPitch);
    if (width < 0 || height < 0 || (height > 1 && (width > srcPitch || width > dstPitch))) {
      throw invalid(
          "WidthInBytes %,d, Height %,d, srcPitch %,d, dstPitch %,d: a row is longer than its pitch"
              .formatted(width, height, srcPitch, dstPitch));
    }
    for (long y = 0; y < height && width > 0; y++) {
      checkRange(src + y * srcPitch, width, "row %d of srcDevice".formatted(y));
      checkRange(dst + y * dstPitch, width, "row %d of dstDevice".formatted(y));
    }
    submit(
        stream,
        "cuMemcpy2DAsync",
        List.of(
            Use.read(src, span(srcPitch, width, height)),
            Use.write(dst, span(dstPitch, width, height))),
        () -> {
          for (long y = 0; y < height; y++) {
            move(dst + y * dstPitch, src + y * srcPitch, width);
          }
        });
  }

  private static long span(long pitch, long width, long height) {
    return width == 0 || height == 0 ? 0 : (height - 1) * pitch + width;
  }

  void cuMemsetD8Async(long dst, byte uc, long n, long stream) {
    checkRange(dst, n, "dstDevice");
    submit(
        stream,
        "cuMemsetD8Async",
        List.of(Use.write(dst, n)),
        () -> {
          checkRange(dst, n, "dstDevice");
          memory.slice(dst - DeviceMemory.BASE, n).fill(uc);
          memory.writtenRange(dst - DeviceMemory.BASE, n);
        });
  }

  void cuMemsetD32Async(long dst, int ui, long n, long stream) {
    if ((dst & 3) != 0) {
      throw invalid("dstDevice 0x%x is not a multiple of 4".formatted(dst));
    }
    checkRange(dst, 4 * n, "dstDevice");
    submit(
        stream,
        "cuMemsetD32Async",
        List.of(Use.write(dst, 4 * n)),
        () -> {
          checkRange(dst, 4 * n, "dstDevice");
          for (long i = 0; i < n; i++) {
            memory.putInt(dst - DeviceMemory.BASE + 4 * i, ui);
          }
          memory.writtenRange(dst - DeviceMemory.BASE, 4 * n);
        });
  }

  private void checkUpload(long dst, long src, long n) {
    if (n > 0) {
      HostMemory.notNull(src, "srcHost");
    }
    checkRange(dst, n, "dstDevice");
  }

  private void checkDownload(long dst, long src, long n) {
    if (n > 0) {
      HostMemory.notNull(dst, "dstHost");
    }
    checkRange(src, n, "srcDevice");
  }

  private void upload(long dst, long src, long n) {
    checkRange(dst, n, "dstDevice"); // a graph may run after its buffers were freed
    if (n > 0) {
      memory.slice(dst - DeviceMemory.BASE, n).copyFrom(HostMemory.slice(src, n));
      memory.writtenRange(dst - DeviceMemory.BASE, n);
    }
  }

  private void download(long dst, long src, long n) {
    checkRange(src, n, "srcDevice");
    long bad = memory.firstBad(src - DeviceMemory.BASE, n, true);
    if (n > 0 && bad >= 0) {
      throw invalid(
          "byte %,d of srcDevice is copied to the host: %s"
              .formatted(bad - (src - DeviceMemory.BASE), memory.explain(bad, 1)));
    }
    if (n > 0) {
      HostMemory.slice(dst, n).copyFrom(memory.slice(src - DeviceMemory.BASE, n));
    }
  }

  private void move(long dst, long src, long n) {
    checkRange(src, n, "srcDevice");
    checkRange(dst, n, "dstDevice");
    if (n > 0) {
      memory.copy(src - DeviceMemory.BASE, dst - DeviceMemory.BASE, n);
    }
  }

  private void checkRange(long address, long n, String name) {
    if (n < 0) {
      throw invalid("the size %,d is negative".formatted(n));
    }
    long bad = n == 0 ? -1 : memory.firstBad(address - DeviceMemory.BASE, n, false);
    if (bad >= 0) {
      throw invalid(
          "%s 0x%x, %,d bytes, byte %,d of it: %s"
              .formatted(
                  name, address, n, bad - (address - DeviceMemory.BASE), memory.explain(bad, 1)));
    }
  }

  private static long field(long pCopy, String name) {
    return HostMemory.getLong(
        pCopy + CudaDriver.CUDA_MEMCPY2D.byteOffset(PathElement.groupElement(name)));
  }

  private static int typeOf(long pCopy, String side) {
    return HostMemory.getInt(
        pCopy + CudaDriver.CUDA_MEMCPY2D.byteOffset(PathElement.groupElement(side + "MemoryType")));
  }

  private static long start(long pCopy, String side, long pitch) {
    return field(pCopy, side + "Device")
        + field(pCopy, side + "Y") * pitch
        + field(pCopy, side + "XInBytes");
  }

  private static CudaError invalid(String reason) {
    return new CudaError(CudaDriver.CUDA_ERROR_INVALID_VALUE, reason);
  }
}
