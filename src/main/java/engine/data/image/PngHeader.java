package engine.data.image;

/**
 * The IHDR chunk.
 *
 * @param depth bits a sample: 1, 2, 4, 8 or 16
 * @param colour 0 gray, 2 RGB, 3 palette, 4 gray and alpha, 6 RGB and alpha
 */
record PngHeader(long width, long height, int depth, int colour, boolean interlaced) {
  static final int GRAY = 0;
  static final int RGB = 2;
  static final int PALETTE = 3;
  static final int GRAY_ALPHA = 4;
  static final int RGB_ALPHA = 6;

  static PngHeader parse(Bytes in) throws CorruptImage {
    long width = in.u32be();
    long height = in.u32be();
    int depth = in.u8();
    int colour = in.u8();
    in.skip(1);
    int filter = in.u8();
    boolean interlaced = in.u8() != 0;
    boolean known =
        switch (colour) {
          case GRAY -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
          case PALETTE -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
          case RGB, GRAY_ALPHA, RGB_ALPHA -> depth == 8 || depth == 16;
          default -> false;
        };
    if (!known || filter != 0) {
      throw new CorruptImage(
          "its PNG header is damaged (colour type " + colour + " with " + depth + " bits)");
    }
    return new PngHeader(width, height, depth, colour, interlaced);
  }

  int bitsPerPixel() {
    return depth
        * switch (colour) {
          case RGB -> 3;
          case GRAY_ALPHA -> 2;
          case RGB_ALPHA -> 4;
          default -> 1;
        };
  }
}
