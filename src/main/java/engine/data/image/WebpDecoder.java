package engine.data.image;

import engine.ffi.WebP;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** WebP through libwebp; of an animation the first frame on its canvas, black around it. */
final class WebpDecoder {
  private static final int FRAME_HEADER = 16;
  private static final int HAS_EXIF = 8;
  private static final int HAS_XMP = 4;

  private WebpDecoder() {}

  static Decoded decode(byte[] file) throws CorruptImage {
    Bytes in = new Bytes(file, "WebP");
    in.skip(4);
    long riff = in.u32le();
    in.skip(4);
    // What follows the RIFF chunk is not the picture's.
    int end = (int) Math.min(file.length, 8 + riff);
    if (8 + riff > file.length) {
      throw CorruptImage.truncated("WebP");
    }
    Bytes chunks = new Bytes(file, 12, end, "WebP");
    byte[] exif = null;
    byte[] xmp = null;
    int features = 0;
    long canvasW = 0;
    long canvasH = 0;
    PixelImage frame = null;
    while (chunks.left() >= 8) {
      long id = chunks.u32be();
      long size = chunks.u32le();
      chunks.need(size);
      int at = chunks.pos;
      if (id == tag("VP8X") && size >= 10) {
        features = chunks.u8();
        chunks.skip(3);
        canvasW = u24(chunks) + 1;
        canvasH = u24(chunks) + 1;
        PixelLimit.check(canvasW, canvasH);
      } else if (id == tag("ANMF") && size > FRAME_HEADER && frame == null) {
        frame = animationFrame(chunks, canvasW, canvasH, (int) size);
      } else if (id == tag("EXIF") && (features & HAS_EXIF) != 0 && exif == null) {
        exif = Arrays.copyOfRange(file, at, at + (int) size);
      } else if (id == tag("XMP ") && (features & HAS_XMP) != 0 && xmp == null) {
        xmp = Arrays.copyOfRange(file, at, at + (int) size);
      }
      chunks.pos = (int) Math.min(end, at + size + (size & 1));
    }
    if (frame == null) {
      frame = bitstream(file, 0, end);
    }
    return new Decoded(frame, Orientation.of(exif, xmp));
  }

  private static PixelImage animationFrame(Bytes in, long canvasW, long canvasH, int size)
      throws CorruptImage {
    int end = in.pos + size;
    long x = 2L * u24(in);
    long y = 2L * u24(in);
    in.skip(10);
    PixelImage part = bitstream(in.data, in.pos, end);
    byte[] canvas = PixelLimit.rgb(canvasW, canvasH);
    if (x + part.width() > canvasW || y + part.height() > canvasH) {
      throw new CorruptImage("its WebP frame lies outside the canvas");
    }
    for (int r = 0; r < part.height(); r++) {
      int to = (int) (((y + r) * canvasW + x) * 3);
      System.arraycopy(part.data(), r * part.width() * 3, canvas, to, part.width() * 3);
    }
    return new PixelImage((int) canvasW, (int) canvasH, 3, canvas);
  }

  /** Decodes {@code file[from, to)}: a RIFF file, or the chunks of one frame. */
  private static PixelImage bitstream(byte[] file, int from, int to) throws CorruptImage {
    try (Arena arena = Arena.ofConfined()) {
      long size = to - from;
      MemorySegment data = arena.allocate(Math.max(1, size));
      MemorySegment.copy(file, from, data, ValueLayout.JAVA_BYTE, 0, to - from);
      MemorySegment side = arena.allocate(ValueLayout.JAVA_INT, 2);
      if (WebP.WebPGetInfo(data.address(), size, side.address(), side.address() + 4) == 0) {
        throw new CorruptImage("its WebP header is damaged");
      }
      int w = side.getAtIndex(ValueLayout.JAVA_INT, 0);
      int h = side.getAtIndex(ValueLayout.JAVA_INT, 1);
      byte[] rgb = PixelLimit.rgb(w, h);
      MemorySegment out = arena.allocate(rgb.length);
      if (WebP.WebPDecodeRGBInto(data.address(), size, out.address(), rgb.length, 3 * w) == 0) {
        throw new CorruptImage("its WebP data is damaged or cut short");
      }
      MemorySegment.copy(out, ValueLayout.JAVA_BYTE, 0, rgb, 0, rgb.length);
      return new PixelImage(w, h, 3, rgb);
    }
  }

  private static int u24(Bytes in) throws CorruptImage {
    int lo = in.u16le();
    return lo | in.u8() << 16;
  }

  private static long tag(String name) {
    long v = 0;
    for (int i = 0; i < 4; i++) {
      v = v << 8 | name.charAt(i);
    }
    return v;
  }
}
