package engine.data.image;

import engine.ffi.Leptonica;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * JPEG through libjpeg-turbo with its defaults (the accurate integer DCT, smooth chroma
 * upsampling), which is what Pillow uses: the same bits for gray and colour. CMYK may differ by one
 * level, where the library rounds the product with black down and Pillow to nearest.
 */
final class JpegDecoder {
  /** APP14 "Adobe", version 100, no flags, transform 0 (CMYK as it is). */
  private static final byte[] ADOBE_CMYK = {
    (byte) 0xff, (byte) 0xee, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0
  };

  static {
    // Or it would write to the process's standard error what is said of the file here.
    Leptonica.setMsgSeverity(Leptonica.L_SEVERITY_NONE);
  }

  private JpegDecoder() {}

  static Decoded decode(byte[] file) throws CorruptImage {
    JpegHeader header = JpegHeader.parse(file);
    if (header.progressive() && !header.complete()) {
      throw CorruptImage.truncated("JPEG");
    }
    byte[] rgb = PixelLimit.rgb(header.width(), header.height());
    try (Arena arena = Arena.ofConfined()) {
      // Pillow takes every CMYK file for an inverted (Adobe) one.
      MemorySegment data = copy(arena, file, header.components() == 4 && !header.adobe());
      MemorySegment warnings = arena.allocate(ValueLayout.JAVA_INT);
      MemorySegment pix = arena.allocate(ValueLayout.JAVA_LONG);
      long p =
          Leptonica.pixReadMemJpeg(
              data.address(),
              data.byteSize(),
              0,
              1,
              warnings.address(),
              Leptonica.L_JPEG_CONTINUE_WITH_BAD_DATA);
      if (p == 0) {
        throw header.complete()
            ? new CorruptImage("its JPEG data is damaged")
            : CorruptImage.truncated("JPEG");
      }
      pix.set(ValueLayout.JAVA_LONG, 0, p);
      try {
        // Without EOI Pillow is content only if decoding never asked for a byte beyond the end.
        if (!header.complete() && warnings.get(ValueLayout.JAVA_INT, 0) > 0) {
          throw CorruptImage.truncated("JPEG");
        }
        unpack(p, header, rgb);
      } finally {
        Leptonica.pixDestroy(pix.address());
      }
    }
    PixelImage image = new PixelImage(header.width(), header.height(), 3, rgb);
    return new Decoded(image, header.orientation());
  }

  private static MemorySegment copy(Arena arena, byte[] file, boolean addAdobe) {
    MemorySegment source = MemorySegment.ofArray(file);
    int extra = addAdobe ? ADOBE_CMYK.length : 0;
    MemorySegment data = arena.allocate(file.length + (long) extra);
    MemorySegment.copy(source, 0, data, 0, 2);
    MemorySegment.copy(MemorySegment.ofArray(ADOBE_CMYK), 0, data, 2, extra);
    MemorySegment.copy(source, 2, data, 2 + extra, file.length - 2);
    return data;
  }

  private static void unpack(long pix, JpegHeader header, byte[] rgb) throws CorruptImage {
    int w = Leptonica.pixGetWidth(pix);
    int h = Leptonica.pixGetHeight(pix);
    int depth = Leptonica.pixGetDepth(pix);
    if (w != header.width() || h != header.height() || (depth != 8 && depth != 32)) {
      throw new CorruptImage("its JPEG data is damaged");
    }
    int wordsPerRow = Leptonica.pixGetWpl(pix);
    long bytes = 4L * wordsPerRow * h;
    MemorySegment words = MemorySegment.ofAddress(Leptonica.pixGetData(pix)).reinterpret(bytes);
    int[] row = new int[wordsPerRow];
    int o = 0;
    for (int y = 0; y < h; y++) {
      MemorySegment.copy(words, ValueLayout.JAVA_INT, 4L * wordsPerRow * y, row, 0, wordsPerRow);
      o = depth == 32 ? colour(row, w, rgb, o) : gray(row, w, rgb, o);
    }
  }

  private static int colour(int[] row, int w, byte[] rgb, int at) {
    int o = at;
    for (int x = 0; x < w; x++, o += 3) {
      int v = row[x];
      rgb[o] = (byte) (v >>> 24);
      rgb[o + 1] = (byte) (v >>> 16);
      rgb[o + 2] = (byte) (v >>> 8);
    }
    return o;
  }

  private static int gray(int[] row, int w, byte[] rgb, int at) {
    int o = at;
    for (int x = 0; x < w; x++, o += 3) {
      byte v = (byte) (row[x >> 2] >>> (24 - 8 * (x & 3)));
      rgb[o] = v;
      rgb[o + 1] = v;
      rgb[o + 2] = v;
    }
    return o;
  }
}
