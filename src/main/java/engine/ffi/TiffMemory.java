package engine.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;

/**
 * A TIFF file in memory for libtiff, which is told where it lies and how long it is, and checks
 * what it reads against that. The functions that libtiff calls back work on a struct of three
 * 64-bit words: address, size, position. None of them throws: an exception that left one would end
 * the JVM. What libtiff has to say of a file it says to nobody: its handlers, which would write to
 * the process's standard error, are taken away before the first file is opened.
 */
public final class TiffMemory {
  private static final long ADDRESS = 0;
  private static final long SIZE = 8;
  private static final long POSITION = 16;
  private static final long STRUCT = 24;

  private static final long READ = upcall("read", Tiff.TIFFReadWriteProc);
  private static final long WRITE = upcall("write", Tiff.TIFFReadWriteProc);
  private static final long SEEK = upcall("seek", Tiff.TIFFSeekProc);
  private static final long CLOSE = upcall("close", Tiff.TIFFCloseProc);
  private static final long LENGTH = upcall("length", Tiff.TIFFSizeProc);
  private static final long MAP = upcall("map", Tiff.TIFFMapFileProc);
  private static final long UNMAP = upcall("unmap", Tiff.TIFFUnmapFileProc);

  static {
    Tiff.TIFFSetErrorHandler(0);
    Tiff.TIFFSetWarningHandler(0);
  }

  private TiffMemory() {}

  /**
   * Opens the file and reads its first directory.
   *
   * @param arena outlives the {@code TIFF*}
   * @param file native memory that outlives it, too
   * @param maxBytes libtiff's own allocations, all of them together
   * @return a {@code TIFF*}, or 0 on an error
   */
  public static long open(Arena arena, MemorySegment file, long maxBytes) {
    MemorySegment client = arena.allocate(STRUCT, 8);
    client.set(ValueLayout.JAVA_LONG, ADDRESS, file.address());
    client.set(ValueLayout.JAVA_LONG, SIZE, file.byteSize());
    long name = arena.allocateFrom("picture").address();
    long mode = arena.allocateFrom("r").address();
    long options = Tiff.TIFFOpenOptionsAlloc();
    try {
      Tiff.TIFFOpenOptionsSetMaxSingleMemAlloc(options, maxBytes);
      Tiff.TIFFOpenOptionsSetMaxCumulatedMemAlloc(options, maxBytes);
      return Tiff.TIFFClientOpenExt(
          name, mode, client.address(), READ, WRITE, SEEK, CLOSE, LENGTH, MAP, UNMAP, options);
    } finally {
      Tiff.TIFFOpenOptionsFree(options);
    }
  }

  private static long upcall(String method, String signature) {
    return Native.upcall(MethodHandles.lookup(), method, signature);
  }

  private static MemorySegment struct(long client) {
    return MemorySegment.ofAddress(client).reinterpret(STRUCT);
  }

  private static long get(long client, long field) {
    return struct(client).get(ValueLayout.JAVA_LONG, field);
  }

  private static long read(long client, long buffer, long size) {
    long at = get(client, POSITION);
    long n = Math.min(size, get(client, SIZE) - at);
    if (at < 0 || n <= 0) {
      return 0;
    }
    MemorySegment from = MemorySegment.ofAddress(get(client, ADDRESS) + at).reinterpret(n);
    MemorySegment.ofAddress(buffer).reinterpret(n).copyFrom(from);
    struct(client).set(ValueLayout.JAVA_LONG, POSITION, at + n);
    return n;
  }

  private static long write(long client, long buffer, long size) {
    return 0;
  }

  private static long seek(long client, long offset, int whence) {
    long from =
        switch (whence) {
          case 0 -> 0;
          case 1 -> get(client, POSITION);
          default -> get(client, SIZE);
        };
    struct(client).set(ValueLayout.JAVA_LONG, POSITION, from + offset);
    return from + offset;
  }

  private static int close(long client) {
    return 0;
  }

  private static long length(long client) {
    return get(client, SIZE);
  }

  private static int map(long client, long base, long size) {
    MemorySegment.ofAddress(base)
        .reinterpret(8)
        .set(ValueLayout.JAVA_LONG, 0, get(client, ADDRESS));
    MemorySegment.ofAddress(size).reinterpret(8).set(ValueLayout.JAVA_LONG, 0, get(client, SIZE));
    return 1;
  }

  private static void unmap(long client, long base, long size) {}
}
