package engine.ffi;

import java.lang.invoke.MethodHandle;

/**
 * libwebp, inside libleptonica.so.6, raw: C's names, C's values, pointers as {@code long}.
 *
 * <p>Generated from {@code jextract/webp.h} by {@code java jextract/Generate.java}: edit
 * that header, not this file.
 */
public final class WebP {

  private static final MethodHandle WebPGetInfo$mh = Native.handle(LeptonicaLibrary.LIB, "WebPGetInfo", "illll");
  private static final MethodHandle WebPDecodeRGBInto$mh = Native.handle(LeptonicaLibrary.LIB, "WebPDecodeRGBInto", "llllli");

  private WebP() {}

  /**
   * 0 if the header is not that of a WebP picture.
   *
   * <p>{@code int WebPGetInfo(const uint8_t *data, size_t data_size, int *width, int *height)}.
   */
  public static int WebPGetInfo(long data, long data_size, long width, long height) {
    try {
      return (int) WebPGetInfo$mh.invokeExact(data, data_size, width, height);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }

  /**
   * Rows of R, G, B bytes; 0 on an error.
   *
   * <p>{@code uint8_t * WebPDecodeRGBInto(const uint8_t *data, size_t data_size, uint8_t *output_buffer, size_t output_buffer_size, int output_stride)}.
   */
  public static long WebPDecodeRGBInto(long data, long data_size, long output_buffer, long output_buffer_size, int output_stride) {
    try {
      return (long) WebPDecodeRGBInto$mh.invokeExact(data, data_size, output_buffer, output_buffer_size, output_stride);
    } catch (Throwable t) {
      throw Native.unexpected(t);
    }
  }
}
