package engine.data.image;

/** Rows of a PNG: undoing the filters (section 9), the seven passes (section 8), and to RGB. */
final class PngRows {
  private static final int[] START_X = {0, 4, 0, 2, 0, 1, 0};
  private static final int[] START_Y = {0, 0, 4, 0, 2, 0, 1};
  private static final int[] STEP_X = {8, 8, 4, 4, 2, 2, 1};
  private static final int[] STEP_Y = {8, 8, 8, 4, 4, 2, 2};

  private final PngHeader header;
  private final byte[] palette;
  private final PngData data;
  private final int width;
  private final int height;
  private final byte[] rgb;

  private PngRows(PngHeader header, byte[] palette, PngData data) throws CorruptImage {
    this.header = header;
    this.palette = palette;
    this.data = data;
    width = (int) header.width();
    height = (int) header.height();
    rgb = PixelLimit.rgb(width, height);
  }

  /** Reads all rows; {@code palette} has 256 entries of R, G, B. Closes {@code data}. */
  static byte[] read(PngHeader header, byte[] palette, PngData data) throws CorruptImage {
    try (data) {
      PngRows rows = new PngRows(header, palette, data);
      if (!header.interlaced()) {
        rows.pass(0, 0, 1, 1);
      } else {
        boolean more = true;
        for (int p = 0; p < 7 && more; p++) {
          more = rows.pass(START_X[p], START_Y[p], STEP_X[p], STEP_Y[p]);
        }
      }
      return rows.rgb;
    }
  }

  /** Reads the rows of one pass; false if the data ended cleanly before them. */
  private boolean pass(int x0, int y0, int dx, int dy) throws CorruptImage {
    int n = (width - x0 + dx - 1) / dx;
    if (n <= 0) {
      return true;
    }
    int bytes = (int) (((long) n * header.bitsPerPixel() + 7) / 8);
    int bpp = Math.max(1, header.bitsPerPixel() / 8);
    byte[] row = new byte[bytes + 1];
    byte[] above = new byte[bytes + 1];
    for (int y = y0; y < height; y += dy) {
      data.read(row, bytes + 1);
      unfilter(row, above, bytes, bpp);
      toRgb(row, n, (y * width + x0) * 3, dx * 3);
      if (data.ended()) {
        return false;
      }
      byte[] t = row;
      row = above;
      above = t;
    }
    return true;
  }

  /** {@code row[0]} is the filter type; bytes before the row and above the first are zero. */
  private static void unfilter(byte[] row, byte[] above, int n, int bpp) throws CorruptImage {
    switch (row[0]) {
      case 0 -> {}
      case 1 -> {
        for (int i = bpp + 1; i <= n; i++) {
          row[i] += row[i - bpp];
        }
      }
      case 2 -> {
        for (int i = 1; i <= n; i++) {
          row[i] += above[i];
        }
      }
      case 3 -> {
        for (int i = 1; i <= n; i++) {
          int left = i > bpp ? row[i - bpp] & 0xff : 0;
          row[i] += (byte) ((left + (above[i] & 0xff)) >> 1);
        }
      }
      case 4 -> {
        for (int i = 1; i <= Math.min(bpp, n); i++) {
          row[i] += above[i];
        }
        for (int i = bpp + 1; i <= n; i++) {
          row[i] += (byte) paeth(row[i - bpp] & 0xff, above[i] & 0xff, above[i - bpp] & 0xff);
        }
      }
      default -> throw new CorruptImage("its PNG data is damaged (filter " + row[0] + ")");
    }
  }

  private static int paeth(int left, int above, int corner) {
    int pa = Math.abs(above - corner);
    int pb = Math.abs(left - corner);
    int pc = Math.abs(left + above - 2 * corner);
    return pa <= pb && pa <= pc ? left : pb <= pc ? above : corner;
  }

  /** Writes {@code n} pixels of a row, {@code step} bytes apart. */
  private void toRgb(byte[] row, int n, int at, int step) {
    int bytesPerSample = header.depth() == 16 ? 2 : 1; // of 16 bits the high byte counts
    int o = at;
    switch (header.colour()) {
      case PngHeader.RGB, PngHeader.RGB_ALPHA -> {
        int pixel = bytesPerSample * (header.colour() == PngHeader.RGB ? 3 : 4);
        for (int i = 0, p = 1; i < n; i++, p += pixel, o += step) {
          rgb[o] = row[p];
          rgb[o + 1] = row[p + bytesPerSample];
          rgb[o + 2] = row[p + 2 * bytesPerSample];
        }
      }
      case PngHeader.GRAY_ALPHA -> {
        for (int i = 0, p = 1; i < n; i++, p += 2 * bytesPerSample, o += step) {
          put(o, row[p]);
        }
      }
      case PngHeader.PALETTE -> {
        for (int i = 0; i < n; i++, o += step) {
          System.arraycopy(palette, 3 * sample(row, i, header.depth()), rgb, o, 3);
        }
      }
      default -> gray(row, n, o, step);
    }
  }

  private void gray(byte[] row, int n, int at, int step) {
    int depth = header.depth();
    int o = at;
    if (depth == 16) {
      // Pillow keeps 16-bit gray as integers, and integers clip.
      for (int i = 0, p = 1; i < n; i++, p += 2, o += step) {
        put(o, row[p] == 0 ? row[p + 1] : (byte) 255);
      }
    } else {
      int scale = 255 / ((1 << depth) - 1);
      for (int i = 0; i < n; i++, o += step) {
        put(o, (byte) (scale * sample(row, i, depth)));
      }
    }
  }

  private void put(int o, byte v) {
    rgb[o] = v;
    rgb[o + 1] = v;
    rgb[o + 2] = v;
  }

  /** Sample {@code i} of a row of {@code depth} 1 to 8; byte 0 is the filter. */
  private static int sample(byte[] row, int i, int depth) {
    int bit = i * depth;
    return row[1 + (bit >> 3)] >> (8 - depth - (bit & 7)) & (1 << depth) - 1;
  }
}
