package engine.data.image;

/**
 * The strips or tiles that the samples of a TIFF lie in (TIFF 6.0, sections 3 and 15): plane by
 * plane, each plane row by row.
 *
 * @param width of a block in pixels
 * @param height of a block, the last strip of a plane may have fewer rows
 * @param across blocks beside each other
 * @param perPlane blocks that make a plane
 * @param offsets of the blocks in the file, at least those of all planes that are read
 */
record TiffBlocks(boolean tiled, int width, int height, int across, int perPlane, long[] offsets) {
  static final int STRIP_OFFSETS = 273;
  static final int TILE_OFFSETS = 324;
  static final int STRIP_SIZES = 279;
  static final int TILE_SIZES = 325;
  private static final int ROWS_PER_STRIP = 278;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;

  static TiffBlocks of(TiffDirectory tags, TiffLayout layout) throws CorruptImage {
    boolean tiled = !tags.has(STRIP_OFFSETS) && tags.has(TILE_OFFSETS);
    long w = tiled ? tags.value(TILE_WIDTH, 0) : layout.width();
    long h = tiled ? tags.value(TILE_HEIGHT, 0) : tags.value(ROWS_PER_STRIP, layout.height());
    h = tiled ? h : Math.min(h, layout.height());
    PixelLimit.check(w, h);
    int across = (int) ((layout.width() + w - 1) / w);
    int perPlane = (int) (across * ((layout.height() + h - 1) / h));
    long[] offsets = tags.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    if (offsets.length < (long) perPlane * layout.planes()) {
      throw CorruptImage.truncated("TIFF");
    }
    return new TiffBlocks(tiled, (int) w, (int) h, across, perPlane, offsets);
  }

  /** Left edge of a block in the picture. */
  int x(int block) {
    return block % perPlane % across * width;
  }

  /** Its upper edge. */
  int y(int block) {
    return block % perPlane / across * height;
  }
}
