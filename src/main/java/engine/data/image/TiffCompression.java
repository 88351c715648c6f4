package engine.data.image;

import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The compressions of TIFF that lose nothing (TIFF 6.0, sections 9, 13 and 14). */
final class TiffCompression {
  private static final int LZW_CLEAR = 256;
  private static final int LZW_END = 257;

  private TiffCompression() {}

  /** Fills {@code out} with one strip or tile of {@code in[from, to)}. */
  static void expand(int compression, byte[] in, int from, int to, byte[] out) throws CorruptImage {
    int n =
        switch (compression) {
          case 1 -> {
            int k = Math.min(to - from, out.length);
            System.arraycopy(in, from, out, 0, k);
            yield k;
          }
          case 5 -> lzw(in, from, to, out);
          case 8, 32946 -> inflate(in, from, to, out);
          case 32773 -> packBits(in, from, to, out);
          default ->
              throw new CorruptImage(
                  "it is a TIFF with compression " + compression + ", which is not supported",
                  "save it again as PNG or JPEG");
        };
    if (n < out.length) {
      throw CorruptImage.truncated("TIFF");
    }
  }

  private static int inflate(byte[] in, int from, int to, byte[] out) throws CorruptImage {
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(in, from, to - from);
      int n = 0;
      int k = 1;
      while (n < out.length && k > 0) {
        k = inflater.inflate(out, n, out.length - n);
        n += k;
      }
      return n;
    } catch (DataFormatException e) {
      throw new CorruptImage("its TIFF data is damaged");
    }
  }

  private static int packBits(byte[] in, int from, int to, byte[] out) {
    int n = 0;
    int p = from;
    while (n < out.length && p + 1 < to) {
      int head = in[p++];
      if (head >= 0) {
        int k = Math.min(Math.min(head + 1, to - p), out.length - n);
        System.arraycopy(in, p, out, n, k);
        n += k;
        p += head + 1;
      } else if (head != -128) {
        int k = Math.min(1 - head, out.length - n);
        Arrays.fill(out, n, n + k, in[p++]);
        n += k;
      }
    }
    return n;
  }

  /** Codes of 9 to 12 bits, highest bit first, growing one code early. */
  private static int lzw(byte[] in, int from, int to, byte[] out) throws CorruptImage {
    int[] start = new int[4097]; // an entry is a piece of the output so far
    int[] length = new int[4097];
    int next = LZW_END + 1;
    int size = 9;
    int previousStart = -1;
    int previousLength = 0;
    int buffer = 0;
    int have = 0;
    int p = from;
    int n = 0;
    while (n < out.length) {
      while (have < size) {
        if (p >= to) {
          return n;
        }
        buffer = buffer << 8 | in[p++] & 0xff;
        have += 8;
      }
      int code = buffer >>> (have - size) & (1 << size) - 1;
      have -= size;
      if (code == LZW_END) {
        return n;
      } else if (code == LZW_CLEAR) {
        next = LZW_END + 1;
        size = 9;
        previousStart = -1;
        continue;
      }
      int begin = n;
      if (code < LZW_CLEAR) {
        out[n++] = (byte) code;
      } else {
        boolean known = code < next;
        if (!known && (code > next || previousStart < 0)) {
          throw new CorruptImage("its TIFF data is damaged");
        }
        int from1 = known ? start[code] : previousStart;
        int k = Math.min(known ? length[code] : previousLength + 1, out.length - n);
        for (int i = 0; i < k; i++) { // may overlap what it writes
          out[n++] = out[from1 + i];
        }
      }
      if (previousStart >= 0 && next < 4096) {
        start[next] = previousStart;
        length[next] = previousLength + 1;
        next++;
        if (next >= (1 << size) - 1 && size < 12) {
          size++;
        }
      }
      previousStart = begin;
      previousLength = n - begin;
    }
    return n;
  }

  /** Undoes horizontal differencing over rows of {@code width} pixels (section 14). */
  static void unpredict(byte[] data, int width, int samples, int bits, boolean bigEndian)
      throws CorruptImage {
    int step = samples * bits / 8;
    int row = width * step;
    if ((bits != 8 && bits != 16) || row == 0) {
      throw new CorruptImage("its TIFF predictor does not go with " + bits + " bits");
    }
    for (int r = 0; r + row <= data.length; r += row) {
      if (bits == 8) {
        for (int i = r + step; i < r + row; i++) {
          data[i] += data[i - step];
        }
      } else {
        int low = bigEndian ? 1 : 0;
        for (int i = r + step; i < r + row; i += 2) {
          int sum = (data[i + low] & 0xff) + (data[i - step + low] & 0xff);
          data[i + low] = (byte) sum;
          data[i + 1 - low] += (byte) (data[i + 1 - low - step] + (sum >> 8));
        }
      }
    }
  }
}
