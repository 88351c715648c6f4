package engine.data.image;

import java.nio.ByteOrder;

/**
 * The first picture of a TIFF or BigTIFF file. As in Pillow, what is not compressed is read here,
 * and the rest by libtiff ({@link TiffRecoding} helps it with what it does not know); and the
 * orientation is always obeyed.
 */
final class TiffDecoder {
  private static final int COLOUR_MAP = 320;
  private static final int XMP = 700;

  private TiffDecoder() {}

  static Decoded decode(byte[] file) throws CorruptImage {
    TiffDirectory tags = TiffDirectory.first(new Bytes(file, "TIFF"));
    TiffLayout layout = TiffLayout.of(tags);
    if (TiffRecoding.isNeeded(layout)) {
      return decode(TiffRecoding.of(file, tags, layout));
    }
    PixelImage image = new PixelImage(layout.width(), layout.height(), 3, rgb(file, tags, layout));
    int inTags = Orientation.in(tags);
    byte[] xmp = tags.bytes(XMP);
    int orientation =
        inTags == Orientation.ABSENT && xmp != null
            ? Orientation.fromXmp(xmp)
            : Math.max(Orientation.UPRIGHT, inTags);
    return new Decoded(Orientation.apply(image, orientation), Orientation.UPRIGHT);
  }

  private static byte[] rgb(byte[] file, TiffDirectory tags, TiffLayout layout)
      throws CorruptImage {
    boolean jpeg = layout.compression() == TiffLayout.JPEG && !layout.planar();
    if (layout.colour() == TiffLayout.Colour.YCBCR && !jpeg) {
      return TiffNative.rgb(file, layout);
    }
    TiffPixels pixels =
        layout.compression() == TiffLayout.UNCOMPRESSED
            ? new TiffPixels(layout, tags.bigEndian, TiffRaw.planes(file, tags, layout))
            : new TiffPixels(
                layout,
                ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN,
                TiffNative.planes(file, layout));
    return pixels.rgb(tags.values(COLOUR_MAP));
  }
}
