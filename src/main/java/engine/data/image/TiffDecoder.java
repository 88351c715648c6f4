package engine.data.image;

import java.util.Arrays;

/**
 * The first picture of a TIFF file: strips or tiles, chunky or planar, uncompressed, LZW, Deflate
 * or PackBits. As Pillow does, the orientation tag is always obeyed.
 */
final class TiffDecoder {
  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int FILL_ORDER = 266;
  private static final int STRIP_OFFSETS = 273;
  private static final int SAMPLES = 277;
  private static final int ROWS_PER_STRIP = 278;
  private static final int STRIP_BYTES = 279;
  private static final int PLANAR = 284;
  private static final int PREDICTOR = 317;
  private static final int COLOUR_MAP = 320;
  private static final int TILE_WIDTH = 322;
  private static final int TILE_HEIGHT = 323;
  private static final int TILE_OFFSETS = 324;
  private static final int TILE_BYTES = 325;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;
  private static final int XMP = 700;

  private final byte[] file;
  private final TiffDirectory tags;
  private final int width;
  private final int height;
  private final int bits;
  private final int samples;
  private final boolean planar;

  private TiffDecoder(byte[] file) throws CorruptImage {
    this.file = file;
    tags = TiffDirectory.first(new Bytes(file, "TIFF"));
    long w = tags.value(WIDTH, 0);
    long h = tags.value(HEIGHT, 0);
    PixelLimit.check(w, h);
    width = (int) w;
    height = (int) h;
    long[] depth = tags.values(BITS);
    bits = depth.length == 0 ? 1 : (int) depth[0];
    samples = (int) tags.value(SAMPLES, 1);
    planar = tags.value(PLANAR, 1) == 2 && samples > 1;
    boolean uneven = Arrays.stream(depth).limit(Math.max(0, samples)).anyMatch(b -> b != bits);
    boolean wholeBits = bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
    if (uneven || !wholeBits || samples < 1 || samples > 6 || (samples > 1 && bits < 8)) {
      throw unsupported(samples + " samples of " + bits + " bits");
    }
  }

  static Decoded decode(byte[] file) throws CorruptImage {
    return new TiffDecoder(file).decode();
  }

  private Decoded decode() throws CorruptImage {
    int photometric = (int) tags.value(PHOTOMETRIC, 0);
    long[] extra = tags.values(EXTRA_SAMPLES);
    boolean premultiplied = extra.length > 0 && extra[0] == 1;
    boolean signed = tags.values(SAMPLE_FORMAT).length > 0 && tags.values(SAMPLE_FORMAT)[0] == 2;
    if (tags.values(SAMPLE_FORMAT).length > 0 && tags.values(SAMPLE_FORMAT)[0] > 2) {
      throw unsupported("floating-point samples");
    }
    TiffPixels pixels =
        new TiffPixels(width, height, bits, samples, planar, tags.bigEndian, readPlanes());
    byte[] rgb =
        switch (photometric) {
          case 0 -> pixels.gray(bits <= 8, signed);
          case 1 -> pixels.gray(false, signed);
          case 2 -> pixels.rgb(premultiplied);
          case 3 -> pixels.palette(tags.values(COLOUR_MAP));
          case 5 -> pixels.cmyk();
          default -> throw unsupported("colour model " + photometric);
        };
    PixelImage image = new PixelImage(width, height, 3, rgb);
    int inTags = Orientation.in(tags);
    byte[] xmp = tags.bytes(XMP);
    int orientation =
        inTags == Orientation.ABSENT && xmp != null
            ? Orientation.fromXmp(xmp)
            : Math.max(Orientation.UPRIGHT, inTags);
    return new Decoded(Orientation.apply(image, orientation), Orientation.UPRIGHT);
  }

  /** One plane of packed rows, or one a sample when they are stored apart. */
  private byte[][] readPlanes() throws CorruptImage {
    boolean tiled = tags.has(TILE_OFFSETS);
    long[] offsets = tags.values(tiled ? TILE_OFFSETS : STRIP_OFFSETS);
    long[] sizes = tags.values(tiled ? TILE_BYTES : STRIP_BYTES);
    long blockW = tiled ? tags.value(TILE_WIDTH, 0) : width;
    long blockH = tiled ? tags.value(TILE_HEIGHT, 0) : tags.value(ROWS_PER_STRIP, height);
    blockH = tiled ? blockH : Math.min(blockH, height);
    PixelLimit.check(blockW, blockH);
    int perPlane = (int) ((width + blockW - 1) / blockW * ((height + blockH - 1) / blockH));
    int planes = planar ? samples : 1;
    if (offsets.length < (long) perPlane * planes) {
      throw CorruptImage.truncated("TIFF");
    }
    int inPlane = planar ? 1 : samples;
    byte[][] out = new byte[planes][];
    for (int p = 0; p < planes; p++) {
      out[p] = new byte[size(rowBytes(width, inPlane), height)];
      for (int b = 0; b < perPlane; b++) {
        int i = p * perPlane + b;
        long end = i < sizes.length ? offsets[i] + sizes[i] : file.length;
        readBlock(out[p], inPlane, b, (int) blockW, (int) blockH, tiled, offsets[i], end);
      }
    }
    return out;
  }

  private void readBlock(
      byte[] plane, int inPlane, int index, int w, int h, boolean tiled, long from, long to)
      throws CorruptImage {
    int across = (width + w - 1) / w;
    int x = index % across * w;
    int y = index / across * h;
    int rows = tiled ? h : Math.min(h, height - y);
    int blockRow = rowBytes(w, inPlane);
    byte[] block = new byte[size(blockRow, rows)];
    int compression = (int) tags.value(COMPRESSION, 1);
    if (from > file.length) {
      throw CorruptImage.truncated("TIFF");
    }
    int end = (int) Math.max(from, Math.min(to, file.length));
    byte[] source = file;
    int start = (int) from;
    if (tags.value(FILL_ORDER, 1) == 2) {
      source = Arrays.copyOfRange(file, start, end);
      for (int i = 0; i < source.length; i++) {
        source[i] = (byte) (Integer.reverse(source[i]) >>> 24);
      }
      end = source.length;
      start = 0;
    }
    TiffCompression.expand(compression, source, start, end, block);
    if (compression != 1 && compression != 32773 && tags.value(PREDICTOR, 1) == 2) {
      TiffCompression.unpredict(block, w, inPlane, bits, tags.bigEndian);
    }
    int planeRow = rowBytes(width, inPlane);
    int at = (int) ((long) x * inPlane * bits / 8);
    int copy = Math.min(blockRow, planeRow - at);
    for (int r = 0; r < rows && y + r < height; r++) {
      System.arraycopy(block, r * blockRow, plane, (y + r) * planeRow + at, copy);
    }
  }

  private int rowBytes(int w, int inPlane) {
    return (int) (((long) w * inPlane * bits + 7) / 8);
  }

  private static int size(int rowBytes, int rows) throws CorruptImage {
    long n = (long) rowBytes * rows;
    if (n > Integer.MAX_VALUE - 16) {
      throw new CorruptImage("its samples take " + n + " bytes", "shrink the picture or remove it");
    }
    return (int) n;
  }

  private static CorruptImage unsupported(String what) {
    return new CorruptImage(
        "it is a TIFF with " + what + ", which is not supported", "save it again as PNG or JPEG");
  }
}
