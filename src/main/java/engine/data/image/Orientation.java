package engine.data.image;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The EXIF orientation tag: finding it, and turning a picture by it. */
final class Orientation {
  static final int UPRIGHT = 1;
  static final int ABSENT = 0;
  private static final int TAG = 0x0112;
  private static final Pattern XMP = Pattern.compile("tiff:Orientation(?:=\"|>)([0-9])");

  private Orientation() {}

  /**
   * What a file asks for, as Pillow decides it: EXIF's word, and XMP's only where EXIF has no
   * orientation. A damaged EXIF block says nothing about the pixels, and neither does XMP beside
   * it.
   *
   * @param exif a TIFF header and its directory, with or without {@code Exif\0\0} before it; or
   *     null
   * @param xmp a packet of XMP, or null
   * @return 1 to 8
   */
  static int of(byte[] exif, byte[] xmp) {
    try {
      int inExif = exif == null ? ABSENT : fromExif(exif);
      return inExif == ABSENT && xmp != null ? fromXmp(xmp) : Math.max(UPRIGHT, inExif);
    } catch (CorruptImage _) {
      return UPRIGHT;
    }
  }

  private static int fromExif(byte[] exif) throws CorruptImage {
    int start = 0;
    while (ImageFormat.starts(exif, start, "Exif\0\0")) {
      start += 6;
    }
    if (start == exif.length) {
      return ABSENT;
    }
    TiffDirectory directory = TiffDirectory.first(new Bytes(exif, start, exif.length, "EXIF"));
    if (directory.bigTiff) {
      throw new CorruptImage("EXIF is no BigTIFF");
    }
    return in(directory);
  }

  /**
   * The orientation in a directory, {@link #ABSENT} if it has none. A number of any type will do,
   * and the first one of several; anything else, such as a text, means upright.
   */
  static int in(TiffDirectory directory) {
    if (!directory.has(TAG)) {
      return ABSENT;
    }
    double value = directory.number(TAG);
    return value == (int) value ? valid((int) value) : UPRIGHT;
  }

  static int fromXmp(byte[] xmp) {
    Matcher m = XMP.matcher(new String(xmp, StandardCharsets.ISO_8859_1));
    return m.find() ? valid(m.group(1).charAt(0) - '0') : UPRIGHT;
  }

  private static int valid(int orientation) {
    return orientation >= 1 && orientation <= 8 ? orientation : UPRIGHT;
  }

  /** The picture turned and mirrored so that orientation becomes 1. */
  static PixelImage apply(PixelImage in, int orientation) {
    if (orientation == UPRIGHT) {
      return in;
    }
    int w = in.width();
    int h = in.height();
    // The pixel at (0, 0) of the upright picture, and the steps from there to its right and down.
    boolean swap = orientation >= 5;
    boolean fromRight = Set.of(2, 3, 7, 8).contains(orientation);
    boolean fromBottom = Set.of(3, 4, 6, 7).contains(orientation);
    int stepX = fromRight ? -1 : 1;
    int stepY = fromBottom ? -w : w;
    int origin = (fromRight ? w - 1 : 0) + (fromBottom ? (h - 1) * w : 0);
    int outW = swap ? h : w;
    int outH = swap ? w : h;
    int across = swap ? stepY : stepX;
    int down = swap ? stepX : stepY;
    int c = in.channels();
    byte[] src = in.data();
    byte[] dst = new byte[src.length];
    int o = 0;
    for (int y = 0; y < outH; y++) {
      int p = origin + y * down;
      for (int x = 0; x < outW; x++, p += across) {
        for (int k = 0; k < c; k++) {
          dst[o++] = src[p * c + k];
        }
      }
    }
    return new PixelImage(outW, outH, c, dst);
  }
}
