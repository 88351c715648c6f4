package engine.ffi;

import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Leptonica's JPEG reader, which is libjpeg-turbo behind a {@code setjmp}. libjpeg itself must not
 * be called from Java: its way to report a fatal error is to leave the process or to jump over the
 * caller's frames. What libjpeg would write to the process's standard error of damaged data is kept
 * from it ({@link QuietJpeg}).
 *
 * <p>A {@code PIX} of depth 32 holds a pixel in each 32-bit word, red in the highest byte; one of
 * depth 8 holds four pixels a word, the first in the highest byte. A row takes {@code pixGetWpl}
 * words.
 */
public final class Leptonica {
  /** {@code hint}: give the picture also where libjpeg warned. */
  public static final int L_JPEG_CONTINUE_WITH_BAD_DATA = 2;

  private static final int L_SEVERITY_NONE = 6;

  private static final Path FILE =
      NativeLibraries.unpack("org/bytedeco/leptonica/linux-x86_64", "libleptonica.so.6")
          .resolve("libleptonica.so.6");

  /** One shared library that also holds libwebp, libtiff and the other codecs. */
  static final SymbolLookup LIB = NativeLibraries.open(FILE);

  private static final MethodHandle setMsgSeverity$mh = Native.handle(LIB, "setMsgSeverity", "ii");
  private static final MethodHandle pixReadMemJpeg$mh =
      Native.handle(LIB, "pixReadMemJpeg", "llliili");
  private static final MethodHandle pixGetWidth$mh = Native.handle(LIB, "pixGetWidth", "il");
  private static final MethodHandle pixGetHeight$mh = Native.handle(LIB, "pixGetHeight", "il");
  private static final MethodHandle pixGetDepth$mh = Native.handle(LIB, "pixGetDepth", "il");
  private static final MethodHandle pixGetWpl$mh = Native.handle(LIB, "pixGetWpl", "il");
  private static final MethodHandle pixGetData$mh = Native.handle(LIB, "pixGetData", "ll");
  private static final MethodHandle pixDestroy$mh = Native.handle(LIB, "pixDestroy", "vl");

  static {
    QuietJpeg.apply(FILE, LIB);
    setMsgSeverity(L_SEVERITY_NONE);
  }

  private Leptonica() {}

  /** Process-wide; returns the old threshold. */
  private static int setMsgSeverity(int newsev) {
    try {
      return (int) setMsgSeverity$mh.invokeExact(newsev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * A {@code PIX*} to be given to {@link #pixDestroy}, or 0 on an error.
   *
   * @param cmapflag 0 for no colour map
   * @param reduction 1, 2, 4 or 8
   * @param pnwarn {@code int*}: libjpeg's warnings while it decoded
   */
  public static long pixReadMemJpeg(
      long data, long size, int cmapflag, int reduction, long pnwarn, int hint) {
    try {
      return (long) pixReadMemJpeg$mh.invokeExact(data, size, cmapflag, reduction, pnwarn, hint);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int pixGetWidth(long pix) {
    try {
      return (int) pixGetWidth$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int pixGetHeight(long pix) {
    try {
      return (int) pixGetHeight$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Bits a pixel. */
  public static int pixGetDepth(long pix) {
    try {
      return (int) pixGetDepth$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** 32-bit words a row. */
  public static int pixGetWpl(long pix) {
    try {
      return (int) pixGetWpl$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long pixGetData(long pix) {
    try {
      return (long) pixGetData$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code ppix} is a {@code PIX**}. */
  public static void pixDestroy(long ppix) {
    try {
      pixDestroy$mh.invokeExact(ppix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
