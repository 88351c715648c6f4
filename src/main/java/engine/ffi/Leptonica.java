package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * Leptonica, libleptonica.so.6, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/leptonica.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Leptonica {
  public static final int L_SEVERITY_NONE = 6;
  public static final int L_JPEG_CONTINUE_WITH_BAD_DATA = 2;

  private static final MethodHandle setMsgSeverity$mh = Native.handle(LeptonicaLibrary.LIB, "setMsgSeverity", "ii");
  private static final MethodHandle pixReadMemJpeg$mh = Native.handle(LeptonicaLibrary.LIB, "pixReadMemJpeg", "llliili");
  private static final MethodHandle pixGetWidth$mh = Native.handle(LeptonicaLibrary.LIB, "pixGetWidth", "il");
  private static final MethodHandle pixGetHeight$mh = Native.handle(LeptonicaLibrary.LIB, "pixGetHeight", "il");
  private static final MethodHandle pixGetDepth$mh = Native.handle(LeptonicaLibrary.LIB, "pixGetDepth", "il");
  private static final MethodHandle pixGetWpl$mh = Native.handle(LeptonicaLibrary.LIB, "pixGetWpl", "il");
  private static final MethodHandle pixGetData$mh = Native.handle(LeptonicaLibrary.LIB, "pixGetData", "ll");
  private static final MethodHandle pixDestroy$mh = Native.handle(LeptonicaLibrary.LIB, "pixDestroy", "vl");

  private Leptonica() {}

  /**
   * Process-wide; returns the old threshold.
   *
   * <p>{@code l_int32 setMsgSeverity(l_int32 newsev)}.
   */
  public static int setMsgSeverity(int newsev) {
    try {
      return (int) setMsgSeverity$mh.invokeExact(newsev);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * A picture to be given to {@link #pixDestroy}, or 0 on an error; {@code cmflag} is 0 for no colour map, {@code
   * reduction} 1, 2, 4 or 8, {@code pnwarn} libjpeg's warnings while it decoded.
   *
   * <p>{@code PIX * pixReadMemJpeg(const l_uint8 *data, size_t size, l_int32 cmflag, l_int32 reduction, l_int32 *pnwarn, l_int32 hint)}.
   */
  public static long pixReadMemJpeg(long data, long size, int cmflag, int reduction, long pnwarn, int hint) {
    try {
      return (long) pixReadMemJpeg$mh.invokeExact(data, size, cmflag, reduction, pnwarn, hint);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code l_int32 pixGetWidth(const PIX *pix)}. */
  public static int pixGetWidth(long pix) {
    try {
      return (int) pixGetWidth$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code l_int32 pixGetHeight(const PIX *pix)}. */
  public static int pixGetHeight(long pix) {
    try {
      return (int) pixGetHeight$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Bits a pixel.
   *
   * <p>{@code l_int32 pixGetDepth(const PIX *pix)}.
   */
  public static int pixGetDepth(long pix) {
    try {
      return (int) pixGetDepth$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 32-bit words a row.
   *
   * <p>{@code l_int32 pixGetWpl(const PIX *pix)}.
   */
  public static int pixGetWpl(long pix) {
    try {
      return (int) pixGetWpl$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code l_uint32 * pixGetData(PIX *pix)}. */
  public static long pixGetData(long pix) {
    try {
      return (long) pixGetData$mh.invokeExact(pix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void pixDestroy(PIX **ppix)}. */
  public static void pixDestroy(long ppix) {
    try {
      pixDestroy$mh.invokeExact(ppix);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
