package engine.ffi;

import java.lang.invoke.MethodHandle;

/** libwebp's simple decoding calls; they live in the same shared library as {@link Leptonica}. */
public final class WebP {
  private static final MethodHandle WebPGetInfo$mh =
      Native.handle(Leptonica.LIB, "WebPGetInfo", "illll");
  private static final MethodHandle WebPDecodeRGBInto$mh =
      Native.handle(Leptonica.LIB, "WebPDecodeRGBInto", "llllli");

  private WebP() {}

  /** 0 if the header is not that of a WebP picture; width and height are {@code int*}. */
  public static int WebPGetInfo(long data, long dataSize, long width, long height) {
    try {
      return (int) WebPGetInfo$mh.invokeExact(data, dataSize, width, height);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /** Rows of R, G, B bytes into {@code outputBuffer}; 0 on an error. */
  public static long WebPDecodeRGBInto(
      long data, long dataSize, long outputBuffer, long outputBufferSize, int outputStride) {
    try {
      return (long)
          WebPDecodeRGBInto$mh.invokeExact(
              data, dataSize, outputBuffer, outputBufferSize, outputStride);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
