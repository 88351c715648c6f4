package engine.ffi;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;

/**
 * The few calls of the C library that the engine needs: mapping memory, the environment, and
 * opening a file without waiting for it. Linux x86-64 values.
 */
public final class Libc {
  public static final int PROT_NONE = 0;
  public static final int PROT_READ_WRITE = 1 | 2;
  public static final int MAP_PRIVATE = 2;
  public static final int MAP_ANONYMOUS = 0x20;
  public static final int MAP_NORESERVE = 0x4000;
  public static final long MAP_FAILED = -1L;
  public static final int MADV_DONTNEED = 4;
  public static final int MADV_HUGEPAGE = 14;
  public static final int PRIO_PROCESS = 0;
  public static final int O_RDONLY = 0;
  public static final int O_NONBLOCK = 0x800;
  public static final int O_CLOEXEC = 0x80000;
  public static final int SEEK_END = 2;
  public static final int ENOENT = 2;
  public static final int EAGAIN = 11;
  public static final int ENXIO = 6;
  public static final int EINVAL = 22;
  public static final int ESPIPE = 29;

  private static final MethodHandle mmap$mh = Native.handle(Native.libc(), "mmap", "llliiil");
  private static final MethodHandle munmap$mh = Native.handle(Native.libc(), "munmap", "ill");
  private static final MethodHandle mprotect$mh = Native.handle(Native.libc(), "mprotect", "illi");
  private static final MethodHandle madvise$mh = Native.handle(Native.libc(), "madvise", "illi");
  private static final MethodHandle setenv$mh = Native.handle(Native.libc(), "setenv", "illi");

  private static final MethodHandle open$mh =
      Native.handle(Native.libc(), "open", "ili", Native.ERRNO);
  private static final MethodHandle lseek$mh =
      Native.handle(Native.libc(), "lseek", "lili", Native.ERRNO);
  private static final MethodHandle pread$mh =
      Native.handle(Native.libc(), "pread", "lilll", Native.ERRNO);
  private static final MethodHandle close$mh = Native.handle(Native.libc(), "close", "ii");
  private static final MethodHandle strerror$mh = Native.handle(Native.libc(), "strerror", "li");

  private static final MethodHandle execv$mh = Native.handle(Native.libc(), "execv", "ill");
  private static final MethodHandle gettid$mh = Native.handle(Native.libc(), "gettid", "i");
  private static final MethodHandle setpriority$mh =
      Native.handle(Native.libc(), "setpriority", "iiii");
  private static final MethodHandle sched_getaffinity$mh =
      Native.handle(Native.libc(), "sched_getaffinity", "iill");
  private static final MethodHandle sched_setaffinity$mh =
      Native.handle(Native.libc(), "sched_setaffinity", "iill");

  private Libc() {}

  public static long mmap(long addr, long length, int prot, int flags, int fd, long offset) {
    try {
      return (long) mmap$mh.invokeExact(addr, length, prot, flags, fd, offset);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int munmap(long addr, long length) {
    try {
      return (int) munmap$mh.invokeExact(addr, length);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int mprotect(long addr, long length, int prot) {
    try {
      return (int) mprotect$mh.invokeExact(addr, length, prot);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int madvise(long addr, long length, int advice) {
    try {
      return (int) madvise$mh.invokeExact(addr, length, advice);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The calling thread's own id in the system. */
  public static int gettid() {
    try {
      return (int) gettid$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Niceness; on Linux {@code PRIO_PROCESS} with a thread's id moves that thread alone. */
  public static int setpriority(int which, int who, int priority) {
    try {
      return (int) setpriority$mh.invokeExact(which, who, priority);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Fills a mask of {@code size} bytes with the processors a thread may run on; 0 is the caller.
   */
  public static int sched_getaffinity(int thread, long size, long mask) {
    try {
      return (int) sched_getaffinity$mh.invokeExact(thread, size, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Lets a thread run only on the processors of a mask of {@code size} bytes; 0 is the caller. */
  public static int sched_setaffinity(int thread, long size, long mask) {
    try {
      return (int) sched_setaffinity$mh.invokeExact(thread, size, mask);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Sets a variable of this process's C environment, where libraries loaded later find it. */
  public static int setenv(String name, String value) {
    try (Arena arena = Arena.ofConfined()) {
      long n = arena.allocateFrom(name).address();
      long v = arena.allocateFrom(value).address();
      return (int) setenv$mh.invokeExact(n, v, 1);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Replaces the program of this process; returns only if it cannot.
   *
   * @param arguments without the byte 0 at their ends; the first is the name it is called by
   */
  public static int execv(String path, List<byte[]> arguments) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment argv = arena.allocate(ValueLayout.JAVA_LONG, arguments.size() + 1L);
      for (int i = 0; i < arguments.size(); i++) {
        byte[] bytes = arguments.get(i);
        MemorySegment text = arena.allocate(bytes.length + 1L);
        MemorySegment.copy(bytes, 0, text, ValueLayout.JAVA_BYTE, 0, bytes.length);
        argv.setAtIndex(ValueLayout.JAVA_LONG, i, text.address());
      }
      return (int) execv$mh.invokeExact(arena.allocateFrom(path).address(), argv.address());
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** A file descriptor, or {@code -errno}; {@code path} is a C string. */
  public static int open(long path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      int fd = (int) open$mh.invokeExact(state, path, flags);
      return fd >= 0 ? fd : -Native.errno(state);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The offset from the file's beginning, or {@code -errno}. */
  public static long lseek(int fd, long offset, int whence) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      long at = (long) lseek$mh.invokeExact(state, fd, offset, whence);
      return at >= 0 ? at : -Native.errno(state);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** The number of bytes read, 0 at the end of the file, or {@code -errno}. */
  public static long pread(int fd, long buffer, long count, long offset) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Native.CALL_STATE);
      long n = (long) pread$mh.invokeExact(state, fd, buffer, count, offset);
      return n >= 0 ? n : -Native.errno(state);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int close(int fd) {
    try {
      return (int) close$mh.invokeExact(fd);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** What an error number means, in the system's words. */
  public static String strerror(int errnum) {
    try {
      long text = (long) strerror$mh.invokeExact(errnum);
      return MemorySegment.ofAddress(text).reinterpret(200).getString(0);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
