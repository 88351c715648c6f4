package engine.data.image;

import java.util.Arrays;
import java.util.zip.CRC32;

/**
 * PNG (W3C recommendation, third edition), as strict as Pillow: checksums count up to the first
 * IDAT, the zlib stream inside it is checked by itself, and what follows the picture must be whole
 * chunks.
 */
final class PngDecoder {
  private static final int IHDR = 0x49484452;
  private static final int PLTE = 0x504c5445;
  private static final int IDAT = 0x49444154;
  private static final int IEND = 0x49454e44;
  private static final int FCTL = 0x6663544c;
  private static final int ACTL = 0x6163544c;

  private final Bytes in;
  private PngHeader header;
  private byte[] palette = new byte[0];
  private final PngMetadata metadata = new PngMetadata();
  private boolean animated;

  private PngDecoder(byte[] file) {
    in = new Bytes(file, 8, file.length, "PNG");
  }

  static Decoded decode(byte[] file) throws CorruptImage {
    return new PngDecoder(file).decode();
  }

  private Decoded decode() throws CorruptImage {
    int dataLength = readHeaderChunks();
    if (header == null) {
      throw new CorruptImage("its PNG header is missing");
    }
    PixelLimit.check(header.width(), header.height());
    PngData data = new PngData(in, dataLength);
    byte[] rgb = PngRows.read(header, Arrays.copyOf(palette, 768), data);
    in.pos = data.endOfChunk();
    readTrailingChunks();
    PixelImage image = new PixelImage((int) header.width(), (int) header.height(), 3, rgb);
    return new Decoded(image, metadata.orientation());
  }

  /** Reads up to the contents of the first IDAT and returns its length. */
  private int readHeaderChunks() throws CorruptImage {
    while (true) {
      in.need(8);
      long length = in.u32be();
      int id = (int) in.u32be();
      if (id == IDAT) {
        return (int) Math.min(length, in.left());
      } else if (id == IEND || !isName(id)) {
        throw new CorruptImage("its PNG chunks are damaged");
      }
      in.need(length + 4);
      CRC32 crc = new CRC32();
      crc.update(in.data, in.pos - 4, 4 + (int) length);
      int start = in.pos;
      in.pos += (int) length;
      if (in.u32be() != crc.getValue()) {
        throw new CorruptImage("its PNG header has a wrong checksum");
      }
      chunk(id, start, (int) length);
    }
  }

  private void readTrailingChunks() throws CorruptImage {
    while (in.left() >= 12) {
      in.skip(4); // the checksum of the chunk before
      long length = in.u32be();
      int id = (int) in.u32be();
      if (id == IEND || !isName(id) || (id == FCTL && animated)) {
        return;
      }
      in.need(length);
      int start = in.pos;
      in.pos += (int) length;
      if (id != IDAT) {
        chunk(id, start, (int) length);
      }
    }
  }

  private void chunk(int id, int start, int length) throws CorruptImage {
    switch (id) {
      case IHDR -> header = PngHeader.parse(new Bytes(in.data, start, start + length, "PNG"));
      case PLTE -> palette = Arrays.copyOfRange(in.data, start, start + length);
      case ACTL -> animated = length >= 8 && new Bytes(in.data, start, in.end, "PNG").u32be() > 1;
      default -> metadata.chunk(id, Arrays.copyOfRange(in.data, start, start + length));
    }
  }

  private static boolean isName(int id) {
    for (int shift = 0; shift < 32; shift += 8) {
      int c = id >> shift & 0xff;
      boolean letter = (c | 32) >= 'a' && (c | 32) <= 'z';
      if (!letter && (c < '0' || c > '9') && c != '_') {
        return false;
      }
    }
    return true;
  }
}
