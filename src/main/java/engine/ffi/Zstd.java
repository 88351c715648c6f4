package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;

/**
 * libzstd's streaming decoder. The library is of a jar of its own, and unpacked when a picture
 * first needs it.
 */
final class Zstd {
  static final int ZSTD_error_frameParameter_windowTooLarge = 16;

  private static final SymbolLookup LIB =
      NativeLibraries.open(
          NativeLibraries.unpack("aircompressor/linux-amd64", "libzstd.so").resolve("libzstd.so"));

  private static final MethodHandle ZSTD_createDCtx$mh = handle("ZSTD_createDCtx", "l");
  private static final MethodHandle ZSTD_freeDCtx$mh = handle("ZSTD_freeDCtx", "ll");
  private static final MethodHandle ZSTD_decompressStream$mh =
      handle("ZSTD_decompressStream", "llll");
  private static final MethodHandle ZSTD_isError$mh = handle("ZSTD_isError", "il");
  private static final MethodHandle ZSTD_getErrorCode$mh = handle("ZSTD_getErrorCode", "il");

  private Zstd() {}

  private static MethodHandle handle(String name, String signature) {
    return Native.handle(LIB, name, signature);
  }

  /** A {@code ZSTD_DCtx*} to be given to {@link #ZSTD_freeDCtx}, or 0 without memory. */
  static long ZSTD_createDCtx() {
    try {
      return (long) ZSTD_createDCtx$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  static long ZSTD_freeDCtx(long dctx) {
    try {
      return (long) ZSTD_freeDCtx$mh.invokeExact(dctx);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 0 at the end of a frame, or an error, or how much it would like to read next.
   *
   * @param output {@code ZSTD_outBuffer*}
   * @param input {@code ZSTD_inBuffer*}
   */
  static long ZSTD_decompressStream(long dctx, long output, long input) {
    try {
      return (long) ZSTD_decompressStream$mh.invokeExact(dctx, output, input);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  static int ZSTD_isError(long result) {
    try {
      return (int) ZSTD_isError$mh.invokeExact(result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  static int ZSTD_getErrorCode(long result) {
    try {
      return (int) ZSTD_getErrorCode$mh.invokeExact(result);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
