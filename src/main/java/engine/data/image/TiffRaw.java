package engine.data.image;

import java.util.Arrays;

/** The strips or tiles of an uncompressed TIFF (TIFF 6.0, sections 3 and 15). */
final class TiffRaw {
  private static final int FILL_ORDER = 266;

  private final byte[] file;
  private final TiffLayout layout;
  private final TiffBlocks blocks;

  private TiffRaw(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    this.file = file;
    this.layout = layout;
    blocks = TiffBlocks.of(tags, layout);
  }

  /** One plane of packed rows, or one a sample when they are stored apart. */
  static byte[][] planes(byte[] file, TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    byte[][] planes = new TiffRaw(file, tags, layout).read();
    if (tags.value(FILL_ORDER, 1) == 2) {
      for (byte[] plane : planes) {
        for (int i = 0; i < plane.length; i++) {
          plane[i] = (byte) (Integer.reverse(plane[i]) >>> 24);
        }
      }
    }
    return planes;
  }

  private byte[][] read() throws CorruptImage {
    long[] offsets = blocks.offsets();
    int perPlane = blocks.perPlane();
    if (perPlane == 1 && !layout.planar()) {
      // Of several that each cover the picture Pillow takes the last.
      offsets = Arrays.copyOfRange(offsets, offsets.length - 1, offsets.length);
    }
    byte[][] planes = new byte[layout.planes()][];
    for (int p = 0; p < planes.length; p++) {
      planes[p] = new byte[layout.rowBytes(layout.width()) * layout.height()];
      for (int b = 0; b < perPlane; b++) {
        copy(planes[p], blocks.x(b), blocks.y(b), offsets[p * perPlane + b]);
      }
    }
    return planes;
  }

  /** Copies the block whose upper left pixel is (x, y); how many bytes it has is known. */
  private void copy(byte[] plane, int x, int y, long from) throws CorruptImage {
    int blockRow = layout.rowBytes(blocks.width());
    int planeRow = layout.rowBytes(layout.width());
    int at = layout.rowBytes(x);
    int n = Math.min(blockRow, planeRow - at);
    int rows = Math.min(blocks.height(), layout.height() - y);
    if (from < 0 || from > file.length || (long) (rows - 1) * blockRow + n > file.length - from) {
      throw CorruptImage.truncated("TIFF");
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(file, (int) from + r * blockRow, plane, (y + r) * planeRow + at, n);
    }
  }
}
