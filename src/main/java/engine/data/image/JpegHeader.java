package engine.data.image;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The marker segments of a JPEG file (ITU-T T.81, annex B), read the way Pillow reads them.
 *
 * @param progressive more than one scan builds the picture, by the frame header
 * @param adobe an Adobe segment says how colours are stored
 * @param complete a marker sequence leads from the first scan to EOI
 * @param orientation 1 to 8
 */
record JpegHeader(
    int width,
    int height,
    int components,
    boolean progressive,
    boolean adobe,
    boolean complete,
    int orientation) {

  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final byte[] EXIF = ascii("Exif\0\0");
  private static final byte[] XMP = ascii("http://ns.adobe.com/xap/1.0/\0");
  private static final byte[] ADOBE = ascii("Adobe");

  /** Parses {@code file}, which begins with SOI. */
  static JpegHeader parse(byte[] file) throws CorruptImage {
    return new Parser(file).parse();
  }

  private static byte[] ascii(String s) {
    return s.getBytes(StandardCharsets.US_ASCII);
  }

  private static final class Parser {
    private final Bytes in;
    private final ByteArrayOutputStream exif = new ByteArrayOutputStream();
    private byte[] xmp;
    private int width;
    private int height;
    private int components;
    private boolean progressive;
    private boolean adobe;

    Parser(byte[] file) {
      in = new Bytes(file, 2, file.length, "JPEG");
    }

    JpegHeader parse() throws CorruptImage {
      int marker;
      do {
        marker = nextMarker();
        if (marker < 0xc0) {
          throw new CorruptImage("its JPEG header is damaged (marker " + marker + ")");
        }
        if (hasPayload(marker)) {
          segment(marker);
        }
      } while (marker != SOS);
      if (components == 0) {
        throw new CorruptImage("its JPEG header has no frame before the first scan");
      }
      PixelLimit.check(width, height);
      int orientation = Orientation.of(exif.size() > 0 ? exif.toByteArray() : null, xmp);
      return new JpegHeader(
          width, height, components, progressive, adobe, reachesEnd(), orientation);
    }

    /** Skips anything up to the next marker, and returns its code. */
    private int nextMarker() throws CorruptImage {
      int code;
      do {
        while (in.u8() != 0xff) {}
        do {
          code = in.u8();
        } while (code == 0xff);
      } while (code == 0);
      return code;
    }

    private static boolean hasPayload(int marker) {
      boolean bare = marker == 0xc8 || (marker >= 0xd0 && marker <= EOI);
      boolean extension = marker >= 0xf0 && marker <= 0xfd;
      return !bare && !extension;
    }

    private static boolean isFrame(int marker) {
      boolean sof = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xcc;
      return sof || marker == 0xde;
    }

    private void segment(int marker) throws CorruptImage {
      int length = Math.max(0, in.u16be() - 2);
      in.need(length);
      int next = in.pos + length;
      if (isFrame(marker)) {
        frame(marker, length);
      } else if (marker == 0xe1 && starts(EXIF, length)) {
        int skip = exif.size() == 0 ? 0 : EXIF.length;
        exif.write(in.data, in.pos + skip, length - skip);
      } else if (marker == 0xe1 && starts(XMP, length)) {
        xmp = Arrays.copyOfRange(in.data, in.pos + XMP.length, next);
      } else if (marker == 0xee && length >= 12 && starts(ADOBE, length)) {
        adobe = true;
      } else if (marker == 0xdb) {
        quantization(next);
      }
      in.pos = next;
    }

    private boolean starts(byte[] prefix, int length) {
      return length >= prefix.length
          && Arrays.equals(in.data, in.pos, in.pos + prefix.length, prefix, 0, prefix.length);
    }

    private void frame(int marker, int length) throws CorruptImage {
      if (length < 6) {
        throw new CorruptImage("its JPEG frame header is too short");
      }
      int bits = in.u8();
      height = in.u16be();
      width = in.u16be();
      components = in.u8();
      progressive |= (marker & 3) == 2;
      if (bits != 8 || (components != 1 && components != 3 && components != 4)) {
        throw new CorruptImage(
            "it is a JPEG of " + components + " components with " + bits + " bits each",
            "save it again as an 8-bit gray, RGB or CMYK picture");
      }
    }

    private void quantization(int next) throws CorruptImage {
      while (in.pos < next) {
        int bytes = in.u8() >> 4 == 0 ? 64 : 128;
        if (next - in.pos < bytes) {
          throw new CorruptImage("its JPEG quantization table is cut short");
        }
        in.pos += bytes;
      }
    }

    /** True if the markers after the first scan's header lead to EOI. */
    private boolean reachesEnd() {
      try {
        while (true) {
          int marker = nextMarker();
          if (marker == EOI) {
            return true;
          }
          boolean bare = marker == 1 || (marker >= 0xd0 && marker <= 0xd8);
          if (!bare) {
            in.skip(Math.max(0, in.u16be() - 2));
          }
        }
      } catch (CorruptImage e) {
        return false;
      }
    }
  }
}
