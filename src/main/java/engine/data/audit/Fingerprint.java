package engine.data.audit;

import engine.data.image.PixelImage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * What a picture is recognised by.
 *
 * @param digest of its size and pixels: equal pictures have equal ones, whatever their files hold
 *     beside
 * @param hash 64 bits that change little when a picture is scaled or compressed again: the signs of
 *     its lowest frequencies (Zauner 2010, "Implementation and Benchmarking of Perceptual Image
 *     Hash Functions", section 3.2.1: DCT of 32x32 grays, the 8x8 lowest, against their median)
 * @param small its 16x16 mean grays, row by row
 */
record Fingerprint(int width, int height, Digest digest, long hash, byte[] small) {
  /** Half of a SHA-256. */
  record Digest(long high, long low) {}

  private static final int SIDE = 32;
  private static final int LOW = 8;
  private static final double[][] COSINES = cosines();

  static Fingerprint of(PixelImage image) {
    double[] grays = grays(image);
    return new Fingerprint(
        image.width(), image.height(), digest(image), hash(grays), halved(grays));
  }

  /** Bits in which two hashes differ. */
  int distance(Fingerprint other) {
    return Long.bitCount(hash ^ other.hash);
  }

  /** Pearson's correlation of the small grays; 0 where one of them is of a single gray. */
  double correlation(Fingerprint other) {
    int n = small.length;
    double sumA = 0;
    double sumB = 0;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (int i = 0; i < n; i++) {
      double a = small[i] & 0xff;
      double b = other.small[i] & 0xff;
      sumA += a;
      sumB += b;
      aa += a * a;
      bb += b * b;
      ab += a * b;
    }
    double spread = (aa - sumA * sumA / n) * (bb - sumB * sumB / n);
    return spread > 0 ? (ab - sumA * sumB / n) / Math.sqrt(spread) : 0;
  }

  /** Mean luma (ITU-R BT.601) of 32x32 equal cells; a pixel on an edge counts by its parts. */
  private static double[] grays(PixelImage p) {
    double[] out = new double[SIDE * SIDE];
    double[] row = new double[SIDE];
    for (int y = 0; y < p.height(); y++) {
      lumas(p, y, row);
      spread(y, p.height(), (cell, part) -> add(row, part, out, cell * SIDE));
    }
    double area = (double) p.width() / SIDE * p.height() / SIDE;
    for (int i = 0; i < out.length; i++) {
      out[i] /= area;
    }
    return out;
  }

  /** The sums of a row's lumas in its 32 cells. */
  private static void lumas(PixelImage p, int y, double[] row) {
    Arrays.fill(row, 0);
    byte[] d = p.data();
    int at = y * p.width() * p.channels();
    for (int x = 0; x < p.width(); x++, at += p.channels()) {
      double luma =
          p.channels() == 1
              ? d[at] & 0xff
              : (299 * (d[at] & 0xff) + 587 * (d[at + 1] & 0xff) + 114 * (d[at + 2] & 0xff))
                  / 1000.0;
      spread(x, p.width(), (cell, part) -> row[cell] += part * luma);
    }
  }

  private interface Part {
    void add(int cell, double part);
  }

  /** How much of pixel {@code i} of {@code n} lies in which of 32 cells. */
  private static void spread(int i, int n, Part to) {
    double from = (double) i * SIDE / n;
    double end = (double) (i + 1) * SIDE / n;
    double perPixel = (double) n / SIDE;
    for (int cell = (int) from; cell < end && cell < SIDE; cell++) {
      to.add(cell, (Math.min(end, cell + 1) - Math.max(from, cell)) * perPixel);
    }
  }

  private static void add(double[] row, double part, double[] out, int at) {
    for (int c = 0; c < SIDE; c++) {
      out[at + c] += part * row[c];
    }
  }

  private static long hash(double[] grays) {
    double[] low = new double[LOW * LOW];
    double[][] rows = new double[SIDE][LOW];
    for (int r = 0; r < SIDE; r++) {
      for (int k = 0; k < LOW; k++) {
        double sum = 0;
        for (int c = 0; c < SIDE; c++) {
          sum += COSINES[k][c] * grays[r * SIDE + c];
        }
        rows[r][k] = sum;
      }
    }
    for (int j = 0; j < LOW; j++) {
      for (int k = 0; k < LOW; k++) {
        double sum = 0;
        for (int r = 0; r < SIDE; r++) {
          sum += COSINES[j][r] * rows[r][k];
        }
        low[j * LOW + k] = sum;
      }
    }
    double[] sorted = low.clone();
    Arrays.sort(sorted);
    double median = (sorted[LOW * LOW / 2 - 1] + sorted[LOW * LOW / 2]) / 2;
    long hash = 0;
    for (int i = 0; i < low.length; i++) {
      hash |= low[i] > median ? 1L << i : 0;
    }
    return hash;
  }

  private static byte[] halved(double[] grays) {
    int half = SIDE / 2;
    byte[] out = new byte[half * half];
    for (int r = 0; r < half; r++) {
      for (int c = 0; c < half; c++) {
        int at = 2 * r * SIDE + 2 * c;
        out[r * half + c] =
            (byte)
                Math.round(
                    (grays[at] + grays[at + 1] + grays[at + SIDE] + grays[at + SIDE + 1]) / 4);
      }
    }
    return out;
  }

  private static double[][] cosines() {
    double[][] out = new double[LOW][SIDE];
    for (int k = 0; k < LOW; k++) {
      for (int i = 0; i < SIDE; i++) {
        out[k][i] = Math.cos(Math.PI * k * (2 * i + 1) / (2.0 * SIDE));
      }
    }
    return out;
  }

  private static Digest digest(PixelImage p) {
    try {
      MessageDigest sha = MessageDigest.getInstance("SHA-256");
      sha.update(
          ByteBuffer.allocate(12)
              .putInt(p.width())
              .putInt(p.height())
              .putInt(p.channels())
              .array());
      sha.update(p.data());
      ByteBuffer bytes = ByteBuffer.wrap(sha.digest());
      return new Digest(bytes.getLong(), bytes.getLong());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
