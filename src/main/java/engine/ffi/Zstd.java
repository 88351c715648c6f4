package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * libzstd, libzstd.so, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/zstd.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Zstd {
  public static final int ZSTD_error_frameParameter_windowTooLarge = 16;

  private static final MethodHandle ZSTD_createDCtx$mh = Native.handle(ZstdLibrary.LIB, "ZSTD_createDCtx", "l");
  private static final MethodHandle ZSTD_freeDCtx$mh = Native.handle(ZstdLibrary.LIB, "ZSTD_freeDCtx", "ll");
  private static final MethodHandle ZSTD_decompressStream$mh = Native.handle(ZstdLibrary.LIB, "ZSTD_decompressStream", "llll");
  private static final MethodHandle ZSTD_isError$mh = Native.handle(ZstdLibrary.LIB, "ZSTD_isError", "il");
  private static final MethodHandle ZSTD_getErrorCode$mh = Native.handle(ZstdLibrary.LIB, "ZSTD_getErrorCode", "il");

  private Zstd() {}

  /**
   * A decoder to be given to {@link #ZSTD_freeDCtx}, or 0 without memory.
   *
   * <p>{@code ZSTD_DCtx * ZSTD_createDCtx()}.
   */
  public static long ZSTD_createDCtx() {
    try {
      return (long) ZSTD_createDCtx$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code size_t ZSTD_freeDCtx(ZSTD_DCtx *dctx)}. */
  public static long ZSTD_freeDCtx(long dctx) {
    try {
      return (long) ZSTD_freeDCtx$mh.invokeExact(dctx);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 0 at the end of a frame, or an error, or how much it would like to read next.
   *
   * <p>{@code size_t ZSTD_decompressStream(ZSTD_DStream *zds, ZSTD_outBuffer *output, ZSTD_inBuffer *input)}.
   */
  public static long ZSTD_decompressStream(long zds, long output, long input) {
    try {
      return (long) ZSTD_decompressStream$mh.invokeExact(zds, output, input);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Whether the result of another function is an error.
   *
   * <p>{@code unsigned ZSTD_isError(size_t result)}.
   */
  public static int ZSTD_isError(long result) {
    try {
      return (int) ZSTD_isError$mh.invokeExact(result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code ZSTD_ErrorCode ZSTD_getErrorCode(size_t functionResult)}. */
  public static int ZSTD_getErrorCode(long functionResult) {
    try {
      return (int) ZSTD_getErrorCode$mh.invokeExact(functionResult);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
