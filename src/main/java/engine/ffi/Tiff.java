package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * libtiff's reading calls; they live in the same shared library as {@link Leptonica}. What libtiff
 * has to say of a file it says to nobody: its handlers, which would write to the process's standard
 * error, are taken away when this class is first used.
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

  private static final MethodHandle TIFFSetErrorHandler$mh = handle("TIFFSetErrorHandler", "ll");
  private static final MethodHandle TIFFSetWarningHandler$mh =
      handle("TIFFSetWarningHandler", "ll");
  private static final MethodHandle TIFFIsCODECConfigured$mh =
      handle("TIFFIsCODECConfigured", "ii");
  private static final MethodHandle TIFFOpenOptionsAlloc$mh = handle("TIFFOpenOptionsAlloc", "l");
  private static final MethodHandle TIFFOpenOptionsFree$mh = handle("TIFFOpenOptionsFree", "vl");
  private static final MethodHandle TIFFOpenOptionsSetMaxSingleMemAlloc$mh =
      handle("TIFFOpenOptionsSetMaxSingleMemAlloc", "vll");
  private static final MethodHandle TIFFOpenOptionsSetMaxCumulatedMemAlloc$mh =
      handle("TIFFOpenOptionsSetMaxCumulatedMemAlloc", "vll");
  private static final MethodHandle TIFFClientOpenExt$mh =
      handle("TIFFClientOpenExt", "llllllllllll");
  private static final MethodHandle TIFFClose$mh = handle("TIFFClose", "vl");
  private static final MethodHandle TIFFGetField$mh = variadic("TIFFGetField", "ilil");
  private static final MethodHandle TIFFSetField$mh = variadic("TIFFSetField", "ilii");
  private static final MethodHandle TIFFIsTiled$mh = handle("TIFFIsTiled", "il");
  private static final MethodHandle TIFFStripSize64$mh = handle("TIFFStripSize64", "ll");
  private static final MethodHandle TIFFScanlineSize64$mh = handle("TIFFScanlineSize64", "ll");
  private static final MethodHandle TIFFTileSize64$mh = handle("TIFFTileSize64", "ll");
  private static final MethodHandle TIFFTileRowSize64$mh = handle("TIFFTileRowSize64", "ll");
  private static final MethodHandle TIFFComputeStrip$mh = handle("TIFFComputeStrip", "ilii");
  private static final MethodHandle TIFFComputeTile$mh = handle("TIFFComputeTile", "iliiii");
  private static final MethodHandle TIFFReadEncodedStrip$mh =
      handle("TIFFReadEncodedStrip", "llill");
  private static final MethodHandle TIFFReadEncodedTile$mh = handle("TIFFReadEncodedTile", "llill");
  private static final MethodHandle TIFFReadRGBAImageOriented$mh =
      handle("TIFFReadRGBAImageOriented", "iliilii");

  static {
    TIFFSetErrorHandler(0);
    TIFFSetWarningHandler(0);
  }

  private Tiff() {}

  private static MethodHandle handle(String name, String signature) {
    return Native.handle(Leptonica.LIB, name, signature);
  }

  /** Of {@code name(TIFF*, uint32_t, ...)}. */
  private static MethodHandle variadic(String name, String signature) {
    return Native.variadic(Leptonica.LIB, name, signature, 2);
  }

  private static long TIFFSetErrorHandler(long handler) {
    try {
      return (long) TIFFSetErrorHandler$mh.invokeExact(handler);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  private static long TIFFSetWarningHandler(long handler) {
    try {
      return (long) TIFFSetWarningHandler$mh.invokeExact(handler);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** 1 if data of this compression can be read. */
  public static int TIFFIsCODECConfigured(int scheme) {
    try {
      return (int) TIFFIsCODECConfigured$mh.invokeExact(scheme);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long TIFFOpenOptionsAlloc() {
    try {
      return (long) TIFFOpenOptionsAlloc$mh.invokeExact();
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static void TIFFOpenOptionsFree(long opts) {
    try {
      TIFFOpenOptionsFree$mh.invokeExact(opts);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static void TIFFOpenOptionsSetMaxSingleMemAlloc(long opts, long bytes) {
    try {
      TIFFOpenOptionsSetMaxSingleMemAlloc$mh.invokeExact(opts, bytes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static void TIFFOpenOptionsSetMaxCumulatedMemAlloc(long opts, long bytes) {
    try {
      TIFFOpenOptionsSetMaxCumulatedMemAlloc$mh.invokeExact(opts, bytes);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * A {@code TIFF*} to be given to {@link #TIFFClose}, its first directory read; or 0 on an error.
   */
  public static long TIFFClientOpenExt(
      long filename,
      long mode,
      long clientdata,
      long readproc,
      long writeproc,
      long seekproc,
      long closeproc,
      long sizeproc,
      long mapproc,
      long unmapproc,
      long opts) {
    try {
      return (long)
          TIFFClientOpenExt$mh.invokeExact(
              filename,
              mode,
              clientdata,
              readproc,
              writeproc,
              seekproc,
              closeproc,
              sizeproc,
              mapproc,
              unmapproc,
              opts);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static void TIFFClose(long tif) {
    try {
      TIFFClose$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** 0 if the file does not say; {@code value} is a pointer to the tag's type. */
  public static int TIFFGetField(long tif, int tag, long value) {
    try {
      return (int) TIFFGetField$mh.invokeExact(tif, tag, value);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** 0 on an error; for tags of one integer. */
  public static int TIFFSetField(long tif, int tag, int value) {
    try {
      return (int) TIFFSetField$mh.invokeExact(tif, tag, value);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int TIFFIsTiled(long tif) {
    try {
      return (int) TIFFIsTiled$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Bytes of a whole strip, unpacked; 0 on an error, as of the next three. */
  public static long TIFFStripSize64(long tif) {
    try {
      return (long) TIFFStripSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long TIFFScanlineSize64(long tif) {
    try {
      return (long) TIFFScanlineSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long TIFFTileSize64(long tif) {
    try {
      return (long) TIFFTileSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static long TIFFTileRowSize64(long tif) {
    try {
      return (long) TIFFTileRowSize64$mh.invokeExact(tif);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int TIFFComputeStrip(long tif, int row, int sample) {
    try {
      return (int) TIFFComputeStrip$mh.invokeExact(tif, row, sample);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  public static int TIFFComputeTile(long tif, int x, int y, int z, int sample) {
    try {
      return (int) TIFFComputeTile$mh.invokeExact(tif, x, y, z, sample);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Bytes read, in the machine's byte order, or -1 on an error. */
  public static long TIFFReadEncodedStrip(long tif, int strip, long buf, long size) {
    try {
      return (long) TIFFReadEncodedStrip$mh.invokeExact(tif, strip, buf, size);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Bytes read, in the machine's byte order, or -1 on an error. */
  public static long TIFFReadEncodedTile(long tif, int tile, long buf, long size) {
    try {
      return (long) TIFFReadEncodedTile$mh.invokeExact(tif, tile, buf, size);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** 0 on an error; a pixel is a 32-bit word, red in the lowest byte. */
  public static int TIFFReadRGBAImageOriented(
      long tif, int rwidth, int rheight, long raster, int orientation, int stopOnError) {
    try {
      return (int)
          TIFFReadRGBAImageOriented$mh.invokeExact(
              tif, rwidth, rheight, raster, orientation, stopOnError);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
