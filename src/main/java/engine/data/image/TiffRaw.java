package engine.data.image;

import java.util.Arrays;

/** The strips or tiles of an uncompressed TIFF (TIFF 6.0, sections 3 and 15). */
final class TiffRaw {
  private static final int FILL_ORDER = 266;
  private static final int STRIP_OFFSETS = 273;
  private static final int ROWS_PER_STRIP = 278;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;

  private final byte[] file;
  private final TiffLayout layout;
  private final boolean tiled;
  private final int blockWidth;
  private final int blockHeight;

  private TiffRaw(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    this.file = file;
    this.layout = layout;
    tiled = !tags.has(STRIP_OFFSETS) && tags.has(TILE_OFFSETS);
    long w = tiled ? tags.value(TILE_WIDTH, 0) : layout.width();
    long h = tiled ? tags.value(TILE_HEIGHT, 0) : tags.value(ROWS_PER_STRIP, layout.height());
    h = tiled ? h : Math.min(h, layout.height());
    PixelLimit.check(w, h);
    blockWidth = (int) w;
    blockHeight = (int) h;
  }

  /** One plane of packed rows, or one a sample when they are stored apart. */
  static byte[][] planes(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    byte[][] planes = new TiffRaw(file, tags, layout).read(tags);
    if (tags.value(FILL_ORDER, 1) == 2) {
      for (byte[] plane : planes) {
        for (int i = 0; i < plane.length; i++) {
          plane[i] = (byte) (Integer.reverse(plane[i]) >>> 24);
        }
      }
    }
    return planes;
  }

  private byte[][] read(TiffDirectory tags) throws CorruptImage {
    long[] offsets = tags.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    int across = (layout.width() + blockWidth - 1) / blockWidth;
    int perPlane = across * ((layout.height() + blockHeight - 1) / blockHeight);
    if (offsets.length < (long) perPlane * layout.planes()) {
      throw CorruptImage.truncated("TIFF");
    }
    if (perPlane == 1 && !layout.planar()) {
      // Of several that each cover the picture Pillow takes the last.
      offsets = Arrays.copyOfRange(offsets, offsets.length - 1, offsets.length);
    }
    byte[][] planes = new byte[layout.planes()][];
    for (int p = 0; p < planes.length; p++) {
      planes[p] = new byte[layout.rowBytes(layout.width()) * layout.height()];
      for (int b = 0; b < perPlane; b++) {
        int x = b % across * blockWidth;
        copy(planes[p], x, b / across * blockHeight, offsets[p * perPlane + b]);
      }
    }
    return planes;
  }

  /** Copies the block whose upper left pixel is (x, y); how many bytes it has is known. */
  private void copy(byte[] plane, int x, int y, long from) throws CorruptImage {
    int blockRow = layout.rowBytes(blockWidth);
    int planeRow = layout.rowBytes(layout.width());
    int at = layout.rowBytes(x);
    int n = Math.min(blockRow, planeRow - at);
    int rows = Math.min(blockHeight, layout.height() - y);
    if (from < 0 || from > file.length || (long) (rows - 1) * blockRow + n > file.length - from) {
      throw CorruptImage.truncated("TIFF");
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(file, (int) from + r * blockRow, plane, (y + r) * planeRow + at, n);
    }
  }
}
