package engine.data.image;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The zlib stream that lies in the IDAT chunks, inflated row by row. */
final class PngData implements AutoCloseable {
  private static final int IDAT = 0x49444154;

  private final Bytes in;
  private final Inflater inflater = new Inflater();
  private int endOfChunk;

  /** {@code in} stands at the contents of the first IDAT. */
  PngData(Bytes in, int length) {
    this.in = in;
    inflater.setInput(in.data, in.pos, length);
    endOfChunk = in.pos + length;
  }

  /** Fills {@code row[0, n)}. */
  void read(byte[] row, int n) throws CorruptImage {
    try {
      int got = 0;
      while (got < n) {
        if (inflater.needsInput()) {
          nextChunk();
        }
        int k = inflater.inflate(row, got, n - got);
        got += k;
        if (k == 0 && (inflater.finished() || inflater.needsDictionary())) {
          throw CorruptImage.truncated("PNG");
        }
      }
    } catch (DataFormatException e) {
      throw new CorruptImage("its PNG data is damaged");
    }
  }

  /** True if the stream ended with the row just read: Pillow leaves what is missing black. */
  boolean ended() {
    return inflater.finished();
  }

  /** Where the chunk that gave the last bytes ends. */
  int endOfChunk() {
    return endOfChunk;
  }

  private void nextChunk() throws CorruptImage {
    in.pos = endOfChunk;
    in.skip(4);
    long length = in.u32be();
    if (in.u32be() != IDAT) {
      throw CorruptImage.truncated("PNG");
    }
    int n = (int) Math.min(length, in.left());
    inflater.setInput(in.data, in.pos, n);
    endOfChunk = in.pos + n;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
