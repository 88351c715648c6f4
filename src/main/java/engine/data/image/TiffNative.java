package engine.data.image;

import engine.ffi.Tiff;
import engine.ffi.TiffMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Compressed TIFF through libtiff, as in Pillow. It is C, and files come from strangers; so it may
 * allocate only so much, every buffer that it fills has the size that it asks for itself, and what
 * it believes of the picture has to agree with what was read of the tags here.
 */
final class TiffNative implements AutoCloseable {
  /** For libtiff's tables, beside what grows with the picture and the file. */
  private static final long TABLES = 64L << 20;

  private final TiffLayout layout;
  private final Arena arena = Arena.ofConfined();
  private final long tif;

  private TiffNative(byte[] file, TiffLayout layout) throws CorruptImage {
    this.layout = layout;
    long pixels = (long) layout.width() * layout.height();
    MemorySegment data = arena.allocate(file.length);
    MemorySegment.copy(file, 0, data, ValueLayout.JAVA_BYTE, 0, file.length);
    tif = TiffMemory.open(arena, data, TABLES + 8L * file.length + 8 * pixels);
    if (tif == 0) {
      arena.close();
      throw damaged();
    }
  }

  /** One plane of packed rows in this machine's byte order, or one a sample. */
  static byte[][] planes(byte[] file, TiffLayout layout) throws CorruptImage {
    requireCodec(layout);
    try (TiffNative t = new TiffNative(file, layout)) {
      t.checkSize();
      if (layout.colour() == TiffLayout.Colour.YCBCR) {
        Tiff.TIFFSetField(t.tif, Tiff.TIFFTAG_JPEGCOLORMODE, Tiff.JPEGCOLORMODE_RGB);
      }
      byte[][] planes = new byte[layout.planes()][];
      for (int p = 0; p < planes.length; p++) {
        planes[p] = new byte[layout.rowBytes(layout.width()) * layout.height()];
      }
      if (Tiff.TIFFIsTiled(t.tif) != 0) {
        t.readTiles(planes);
      } else {
        t.readStrips(planes);
      }
      return planes;
    }
  }

  /** The picture in RGB: libtiff knows how colours of fewer pixels are spread. */
  static byte[] rgb(byte[] file, TiffLayout layout) throws CorruptImage {
    requireCodec(layout);
    try (TiffNative t = new TiffNative(file, layout)) {
      t.checkSize();
      int w = layout.width();
      int h = layout.height();
      if (Tiff.TIFFIsTiled(t.tif) != 0) {
        // libtiff 4.7.1 counts in ints where it spreads colours over a tile (CVE-2026-4775).
        PixelLimit.check(t.field(Tiff.TIFFTAG_TILEWIDTH, 0), t.field(Tiff.TIFFTAG_TILELENGTH, 0));
      }
      MemorySegment raster = t.arena.allocate(4L * w * h);
      // The picture is turned later, with all others.
      Tiff.TIFFSetField(t.tif, Tiff.TIFFTAG_ORIENTATION, Tiff.ORIENTATION_TOPLEFT);
      int done =
          Tiff.TIFFReadRGBAImageOriented(
              t.tif, w, h, raster.address(), Tiff.ORIENTATION_TOPLEFT, 1);
      if (done == 0) {
        throw damaged();
      }
      byte[] rgb = PixelLimit.rgb(w, h);
      for (int i = 0, o = 0; o < rgb.length; i++) {
        int v = raster.getAtIndex(ValueLayout.JAVA_INT, i);
        rgb[o++] = (byte) v;
        rgb[o++] = (byte) (v >> 8);
        rgb[o++] = (byte) (v >> 16);
      }
      return rgb;
    }
  }

  private static void requireCodec(TiffLayout layout) throws CorruptImage {
    if (Tiff.TIFFIsCODECConfigured(layout.compression()) != 1) {
      String name =
          switch (layout.compression()) {
            case 34712 -> "JPEG 2000";
            case 34887 -> "LERC";
            case 50002, 52546 -> "JPEG XL";
            default -> "method " + layout.compression();
          };
      throw new CorruptImage(
          "it is a TIFF compressed by " + name + ", which is not supported",
          "save it again with Deflate or LZW");
    }
  }

  private void checkSize() throws CorruptImage {
    if (field(Tiff.TIFFTAG_IMAGEWIDTH, 0) != layout.width()
        || field(Tiff.TIFFTAG_IMAGELENGTH, 0) != layout.height()) {
      throw contradiction();
    }
  }

  private long field(int tag, long otherwise) {
    MemorySegment value = arena.allocate(ValueLayout.JAVA_LONG);
    return Tiff.TIFFGetField(tif, tag, value.address()) == 1
        ? Integer.toUnsignedLong(value.get(ValueLayout.JAVA_INT, 0))
        : otherwise;
  }

  private void readStrips(byte[][] planes) throws CorruptImage {
    int row = layout.rowBytes(layout.width());
    int height = layout.height();
    int rows = (int) Math.min(height, field(Tiff.TIFFTAG_ROWSPERSTRIP, height));
    long size = Tiff.TIFFStripSize64(tif);
    if (rows < 1 || Tiff.TIFFScanlineSize64(tif) != row || size != (long) row * rows) {
      throw contradiction();
    }
    MemorySegment strip = arena.allocate(size);
    for (int y = 0; y < height; y += rows) {
      for (int p = 0; p < planes.length; p++) {
        int index = Tiff.TIFFComputeStrip(tif, y, p);
        if (Tiff.TIFFReadEncodedStrip(tif, index, strip.address(), size) < 0) {
          throw damaged();
        }
        int n = Math.min(rows, height - y) * row;
        MemorySegment.copy(strip, ValueLayout.JAVA_BYTE, 0, planes[p], y * row, n);
      }
    }
  }

  private void readTiles(byte[][] planes) throws CorruptImage {
    long w = field(Tiff.TIFFTAG_TILEWIDTH, 0);
    long h = field(Tiff.TIFFTAG_TILELENGTH, 0);
    PixelLimit.check(w, h);
    int tileRow = layout.rowBytes(w);
    long size = Tiff.TIFFTileSize64(tif);
    if (Tiff.TIFFTileRowSize64(tif) != tileRow || size != tileRow * h) {
      throw contradiction();
    }
    MemorySegment tile = arena.allocate(size);
    int row = layout.rowBytes(layout.width());
    for (int y = 0; y < layout.height(); y += (int) h) {
      for (int x = 0; x < layout.width(); x += (int) w) {
        for (int p = 0; p < planes.length; p++) {
          int index = Tiff.TIFFComputeTile(tif, x, y, 0, p);
          if (Tiff.TIFFReadEncodedTile(tif, index, tile.address(), size) < 0) {
            throw damaged();
          }
          int at = layout.rowBytes(x);
          int n = Math.min(tileRow, row - at);
          int rows = (int) Math.min(h, layout.height() - y);
          for (int r = 0; r < rows; r++) {
            int to = (y + r) * row + at;
            MemorySegment.copy(tile, ValueLayout.JAVA_BYTE, (long) r * tileRow, planes[p], to, n);
          }
        }
      }
    }
  }

  private static CorruptImage damaged() {
    return new CorruptImage("its TIFF data is damaged or cut short");
  }

  private static CorruptImage contradiction() {
    return new CorruptImage("its TIFF tags contradict each other");
  }

  @Override
  public void close() {
    Tiff.TIFFClose(tif);
    arena.close();
  }
}
