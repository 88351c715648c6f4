package engine.data.image;

import java.util.Arrays;

/**
 * How the samples of a TIFF lie and what they mean, by its tags (TIFF 6.0), as far as Pillow knows
 * them.
 *
 * @param compression the tag's number
 * @param bits a sample
 * @param samples stored for a pixel, those with no meaning included
 * @param planar each sample has a plane of its own
 * @param signed two's complement
 * @param real IEEE floating point
 * @param inverted 0 is white
 * @param premultiplied colours are multiplied by the alpha that follows them
 */
record TiffLayout(
    int width,
    int height,
    int compression,
    Colour colour,
    int bits,
    int samples,
    boolean planar,
    boolean signed,
    boolean real,
    boolean inverted,
    boolean premultiplied) {
  static final int UNCOMPRESSED = 1;
  static final int OLD_JPEG = 6;
  static final int JPEG = 7;

  private static final int WIDTH = 256;
  private static final int HEIGHT = 257;
  private static final int BITS = 258;
  private static final int COMPRESSION = 259;
  private static final int PHOTOMETRIC = 262;
  private static final int SAMPLES = 277;
  private static final int PLANAR = 284;
  private static final int EXTRA_SAMPLES = 338;
  private static final int SAMPLE_FORMAT = 339;
  private static final int MOST_SAMPLES = 6;

  enum Colour {
    GRAY(1),
    RGB(3),
    PALETTE(1),
    CMYK(4),
    YCBCR(3),
    LAB(3);

    /** Samples that carry it. */
    final int samples;

    Colour(int samples) {
      this.samples = samples;
    }
  }

  static TiffLayout of(TiffDirectory tags) throws CorruptImage {
    long width = tags.value(WIDTH, 0);
    long height = tags.value(HEIGHT, 0);
    PixelLimit.check(width, height);
    int compression = (int) tags.value(COMPRESSION, UNCOMPRESSED);
    int photometric = compression == OLD_JPEG ? 6 : (int) tags.value(PHOTOMETRIC, 0);
    long samples = tags.value(SAMPLES, compression == OLD_JPEG ? 3 : 1);
    boolean planar = tags.value(PLANAR, 1) == 2 && samples > 1;
    long[] extra = tags.values(EXTRA_SAMPLES);
    if (planar && Arrays.stream(extra).allMatch(e -> e == 0)) {
      samples -= extra.length; // planes that mean nothing need not be read
    }
    if (samples < 1 || samples > MOST_SAMPLES) {
      throw unsupported(samples + " samples a pixel");
    }
    int bits = same(tags.values(BITS), 1, samples, "bits");
    int format = same(tags.values(SAMPLE_FORMAT), 1, 1, "formats");
    if (format == 3 && bits != 32) {
      throw unsupported(bits + "-bit floating-point samples");
    } else if (format < 1 || format > 4) {
      throw unsupported("samples of format " + format);
    }
    TiffLayout layout =
        new TiffLayout(
            (int) width,
            (int) height,
            compression,
            colour(photometric, samples),
            bits,
            (int) samples,
            planar && samples > 1,
            format == 2,
            format == 3,
            photometric == 0,
            extra.length > 0 && extra[0] == 1);
    layout.check();
    return layout;
  }

  private static Colour colour(int photometric, long samples) throws CorruptImage {
    return switch (photometric) {
      case 0, 1 -> Colour.GRAY;
      case 2 -> Colour.RGB;
      case 3 -> Colour.PALETTE;
      case 5 -> Colour.CMYK;
      case 6 -> samples == 1 ? Colour.GRAY : Colour.YCBCR;
      case 8 -> Colour.LAB;
      default -> throw unsupported("colour model " + photometric);
    };
  }

  /** The one value of a tag with a value a sample; one value alone is that of every sample. */
  private static int same(long[] values, int otherwise, long samples, String what)
      throws CorruptImage {
    if (values.length == 0) {
      return otherwise;
    }
    long used = Math.min(values.length, samples == 1 ? values.length : samples);
    if (values.length > 1 && values.length < samples
        || Arrays.stream(values).limit(used).anyMatch(v -> v != values[0])) {
      throw unsupported("samples of different " + what);
    }
    return (int) values[0];
  }

  private void check() throws CorruptImage {
    boolean known =
        switch (colour) {
          case GRAY ->
              bits == 1
                  || bits == 2
                  || bits == 4
                  || bits == 8
                  || bits == 12
                  || bits == 16
                  || bits == 32;
          case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
          case RGB, CMYK -> bits == 8 || bits == 16;
          case YCBCR, LAB -> bits == 8;
        };
    boolean plain = colour == Colour.GRAY || (!signed && !real);
    boolean packed = bits < 8 || bits == 12;
    if (!known || !plain || samples < colour.samples || (packed && samples > 1)) {
      throw unsupported(
          (real ? "floating-point " : signed ? "signed " : "")
              + colour
              + " in "
              + samples
              + " samples of "
              + bits
              + " bits");
    }
    if ((long) rowBytes(width) * height > Integer.MAX_VALUE - 16) {
      throw new CorruptImage(
          "its samples take " + (long) rowBytes(width) * height + " bytes",
          "shrink the picture or remove it");
    }
  }

  /** Planes to read. */
  int planes() {
    return planar ? samples : 1;
  }

  /** Bytes of {@code pixels} pixels beside each other in one plane. */
  int rowBytes(long pixels) {
    return (int) ((pixels * (planar ? 1 : samples) * bits + 7) / 8);
  }

  private static CorruptImage unsupported(String what) {
    return new CorruptImage(
        "it is a TIFF with " + what + ", which is not supported", "save it again as PNG or JPEG");
  }
}
