package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * libtiff, inside libleptonica.so.6, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/tiff.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class Tiff {
  public static final int TIFFTAG_IMAGEWIDTH = 256;
  public static final int TIFFTAG_IMAGELENGTH = 257;
  public static final int TIFFTAG_ORIENTATION = 274;
  public static final int TIFFTAG_ROWSPERSTRIP = 278;
  public static final int TIFFTAG_TILEWIDTH = 322;
  public static final int TIFFTAG_TILELENGTH = 323;
  public static final int TIFFTAG_JPEGCOLORMODE = 65538;
  public static final int JPEGCOLORMODE_RGB = 1;
  public static final int ORIENTATION_TOPLEFT = 1;

  /** {@code tmsize_t (*TIFFReadWriteProc)(thandle_t fd, void *buf, tmsize_t size)}, as {@link Native#upcall} takes it. */
  static final String TIFFReadWriteProc = "llll";

  /** {@code toff_t (*TIFFSeekProc)(thandle_t fd, toff_t off, int whence)}, as {@link Native#upcall} takes it. */
  static final String TIFFSeekProc = "llli";

  /** {@code int (*TIFFCloseProc)(thandle_t fd)}, as {@link Native#upcall} takes it. */
  static final String TIFFCloseProc = "il";

  /** {@code toff_t (*TIFFSizeProc)(thandle_t fd)}, as {@link Native#upcall} takes it. */
  static final String TIFFSizeProc = "ll";

  /** {@code int (*TIFFMapFileProc)(thandle_t fd, void **base, toff_t *size)}, as {@link Native#upcall} takes it. */
  static final String TIFFMapFileProc = "illl";

  /** {@code void (*TIFFUnmapFileProc)(thandle_t fd, void *base, toff_t size)}, as {@link Native#upcall} takes it. */
  static final String TIFFUnmapFileProc = "vlll";

  private static final MethodHandle TIFFSetErrorHandler$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFSetErrorHandler", "ll");
  private static final MethodHandle TIFFSetWarningHandler$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFSetWarningHandler", "ll");
  private static final MethodHandle TIFFIsCODECConfigured$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFIsCODECConfigured", "ii");
  private static final MethodHandle TIFFOpenOptionsAlloc$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFOpenOptionsAlloc", "l");
  private static final MethodHandle TIFFOpenOptionsFree$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFOpenOptionsFree", "vl");
  private static final MethodHandle TIFFOpenOptionsSetMaxSingleMemAlloc$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFOpenOptionsSetMaxSingleMemAlloc", "vll");
  private static final MethodHandle TIFFOpenOptionsSetMaxCumulatedMemAlloc$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFOpenOptionsSetMaxCumulatedMemAlloc", "vll");
  private static final MethodHandle TIFFClientOpenExt$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFClientOpenExt", "llllllllllll");
  private static final MethodHandle TIFFClose$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFClose", "vl");
  private static final MethodHandle TIFFGetField$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFGetField", "ilil", Native.variadicFrom(2));
  private static final MethodHandle TIFFSetField$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFSetField", "ilii", Native.variadicFrom(2));
  private static final MethodHandle TIFFIsTiled$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFIsTiled", "il");
  private static final MethodHandle TIFFStripSize64$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFStripSize64", "ll");
  private static final MethodHandle TIFFScanlineSize64$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFScanlineSize64", "ll");
  private static final MethodHandle TIFFTileSize64$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFTileSize64", "ll");
  private static final MethodHandle TIFFTileRowSize64$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFTileRowSize64", "ll");
  private static final MethodHandle TIFFComputeStrip$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFComputeStrip", "ilii");
  private static final MethodHandle TIFFComputeTile$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFComputeTile", "iliiii");
  private static final MethodHandle TIFFReadEncodedStrip$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFReadEncodedStrip", "llill");
  private static final MethodHandle TIFFReadEncodedTile$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFReadEncodedTile", "llill");
  private static final MethodHandle TIFFReadRGBAImageOriented$mh = Native.handle(LeptonicaLibrary.LIB, "TIFFReadRGBAImageOriented", "iliilii");

  private Tiff() {}

  /** {@code TIFFErrorHandler TIFFSetErrorHandler(TIFFErrorHandler handler)}. */
  public static long TIFFSetErrorHandler(long handler) {
    try {
      return (long) TIFFSetErrorHandler$mh.invokeExact(handler);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code TIFFErrorHandler TIFFSetWarningHandler(TIFFErrorHandler handler)}. */
  public static long TIFFSetWarningHandler(long handler) {
    try {
      return (long) TIFFSetWarningHandler$mh.invokeExact(handler);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 1 if data of this compression can be read.
   *
   * <p>{@code int TIFFIsCODECConfigured(uint16_t scheme)}.
   */
  public static int TIFFIsCODECConfigured(int scheme) {
    try {
      return (int) TIFFIsCODECConfigured$mh.invokeExact(scheme);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code TIFFOpenOptions * TIFFOpenOptionsAlloc()}. */
  public static long TIFFOpenOptionsAlloc() {
    try {
      return (long) TIFFOpenOptionsAlloc$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void TIFFOpenOptionsFree(TIFFOpenOptions *opts)}. */
  public static void TIFFOpenOptionsFree(long opts) {
    try {
      TIFFOpenOptionsFree$mh.invokeExact(opts);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void TIFFOpenOptionsSetMaxSingleMemAlloc(TIFFOpenOptions *opts, tmsize_t max_single_mem_alloc)}. */
  public static void TIFFOpenOptionsSetMaxSingleMemAlloc(long opts, long max_single_mem_alloc) {
    try {
      TIFFOpenOptionsSetMaxSingleMemAlloc$mh.invokeExact(opts, max_single_mem_alloc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void TIFFOpenOptionsSetMaxCumulatedMemAlloc(TIFFOpenOptions *opts, tmsize_t max_cumulated_mem_alloc)}. */
  public static void TIFFOpenOptionsSetMaxCumulatedMemAlloc(long opts, long max_cumulated_mem_alloc) {
    try {
      TIFFOpenOptionsSetMaxCumulatedMemAlloc$mh.invokeExact(opts, max_cumulated_mem_alloc);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * A file to be given to {@link #TIFFClose}, its first directory read; or 0 on an error.
   *
   * <p>{@code TIFF * TIFFClientOpenExt(const char *filename, const char *mode, thandle_t clientdata, TIFFReadWriteProc readproc, TIFFReadWriteProc writeproc, TIFFSeekProc seekproc, TIFFCloseProc closeproc, TIFFSizeProc sizeproc, TIFFMapFileProc mapproc, TIFFUnmapFileProc unmapproc, TIFFOpenOptions *opts)}.
   */
  public static long TIFFClientOpenExt(long filename, long mode, long clientdata, long readproc, long writeproc, long seekproc, long closeproc, long sizeproc, long mapproc, long unmapproc, long opts) {
    try {
      return (long) TIFFClientOpenExt$mh.invokeExact(filename, mode, clientdata, readproc, writeproc, seekproc, closeproc, sizeproc, mapproc, unmapproc, opts);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code void TIFFClose(TIFF *tif)}. */
  public static void TIFFClose(long tif) {
    try {
      TIFFClose$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 0 if the file does not say; {@code value} points to the tag's type.
   *
   * <p>{@code int TIFFGetField(TIFF *tif, uint32_t tag, ..., void *value)}.
   */
  public static int TIFFGetField(long tif, int tag, long value) {
    try {
      return (int) TIFFGetField$mh.invokeExact(tif, tag, value);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 0 on an error; for tags of one integer.
   *
   * <p>{@code int TIFFSetField(TIFF *tif, uint32_t tag, ..., int value)}.
   */
  public static int TIFFSetField(long tif, int tag, int value) {
    try {
      return (int) TIFFSetField$mh.invokeExact(tif, tag, value);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code int TIFFIsTiled(TIFF *tif)}. */
  public static int TIFFIsTiled(long tif) {
    try {
      return (int) TIFFIsTiled$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Bytes of a whole strip, unpacked; 0 on an error, as of the next three.
   *
   * <p>{@code uint64_t TIFFStripSize64(TIFF *tif)}.
   */
  public static long TIFFStripSize64(long tif) {
    try {
      return (long) TIFFStripSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code uint64_t TIFFScanlineSize64(TIFF *tif)}. */
  public static long TIFFScanlineSize64(long tif) {
    try {
      return (long) TIFFScanlineSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code uint64_t TIFFTileSize64(TIFF *tif)}. */
  public static long TIFFTileSize64(long tif) {
    try {
      return (long) TIFFTileSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code uint64_t TIFFTileRowSize64(TIFF *tif)}. */
  public static long TIFFTileRowSize64(long tif) {
    try {
      return (long) TIFFTileRowSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code uint32_t TIFFComputeStrip(TIFF *tif, uint32_t row, uint16_t sample)}. */
  public static int TIFFComputeStrip(long tif, int row, int sample) {
    try {
      return (int) TIFFComputeStrip$mh.invokeExact(tif, row, sample);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** {@code uint32_t TIFFComputeTile(TIFF *tif, uint32_t x, uint32_t y, uint32_t z, uint16_t s)}. */
  public static int TIFFComputeTile(long tif, int x, int y, int z, int s) {
    try {
      return (int) TIFFComputeTile$mh.invokeExact(tif, x, y, z, s);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Bytes read, in the machine's byte order, or -1 on an error.
   *
   * <p>{@code tmsize_t TIFFReadEncodedStrip(TIFF *tif, uint32_t strip, void *buf, tmsize_t size)}.
   */
  public static long TIFFReadEncodedStrip(long tif, int strip, long buf, long size) {
    try {
      return (long) TIFFReadEncodedStrip$mh.invokeExact(tif, strip, buf, size);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Bytes read, in the machine's byte order, or -1 on an error.
   *
   * <p>{@code tmsize_t TIFFReadEncodedTile(TIFF *tif, uint32_t tile, void *buf, tmsize_t size)}.
   */
  public static long TIFFReadEncodedTile(long tif, int tile, long buf, long size) {
    try {
      return (long) TIFFReadEncodedTile$mh.invokeExact(tif, tile, buf, size);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * 0 on an error; a pixel is a 32-bit word, red in the lowest byte.
   *
   * <p>{@code int TIFFReadRGBAImageOriented(TIFF *tif, uint32_t rwidth, uint32_t rheight, uint32_t *raster, int orientation, int stop_on_error)}.
   */
  public static int TIFFReadRGBAImageOriented(long tif, int rwidth, int rheight, long raster, int orientation, int stop_on_error) {
    try {
      return (int) TIFFReadRGBAImageOriented$mh.invokeExact(tif, rwidth, rheight, raster, orientation, stop_on_error);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
