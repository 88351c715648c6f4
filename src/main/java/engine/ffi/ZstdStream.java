package engine.ffi;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * What a zstd frame holds. The decoder is C: it is given a copy of the frame and its length, and
 * fills a buffer that is as long as it is told. Its own memory is bounded by libzstd's default, a
 * window of 128 MiB, of which only what is really written is taken. For one thread.
 */
public final class ZstdStream extends InputStream {
  private static final int CHUNK = 1 << 17;

  /** RFC 8878. Frames of before it, which the library may know, have decoders that nobody tries. */
  private static final int MAGIC = 0xfd2fb528;

  /** Words of {@code ZSTD_inBuffer} and {@code ZSTD_outBuffer}: address, size, position. */
  private static final long POSITION = 2;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment out = arena.allocate(CHUNK);
  private final MemorySegment input = arena.allocate(JAVA_LONG, 3);
  private final MemorySegment output = arena.allocate(JAVA_LONG, 3);
  private final long dctx = Zstd.ZSTD_createDCtx();
  private final boolean known;
  private int read;
  private boolean ended;

  /** The frame asks for more memory than the decoder may take. */
  public static final class TooLarge extends IOException {
    private static final long serialVersionUID = 1;

    private TooLarge() {
      super("a zstd window of more than 128 MiB");
    }
  }

  public ZstdStream(byte[] file, int from, int length) {
    MemorySegment in = arena.allocate(Math.max(1, length), 8);
    MemorySegment.copy(file, from, in, JAVA_BYTE, 0, length);
    set(input, in, length);
    set(output, out, 0);
    known = length >= 4 && in.get(JAVA_INT.withOrder(LITTLE_ENDIAN), 0) == MAGIC;
    if (dctx == 0) {
      throw new OutOfMemoryError("no memory for a zstd decoder");
    }
  }

  private static void set(MemorySegment buffer, MemorySegment memory, long size) {
    buffer.setAtIndex(JAVA_LONG, 0, memory.address());
    buffer.setAtIndex(JAVA_LONG, 1, size);
    buffer.setAtIndex(JAVA_LONG, POSITION, 0);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * @throws TooLarge if the frame needs too much memory
   * @throws IOException if it is damaged; one that is cut short just ends
   */
  @Override
  public int read(byte[] to, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (read == written()) {
      fill();
    }
    int n = Math.min(length, written() - read);
    if (n == 0) {
      return -1;
    }
    MemorySegment.copy(out, JAVA_BYTE, read, to, offset, n);
    read += n;
    return n;
  }

  private int written() {
    return (int) output.getAtIndex(JAVA_LONG, POSITION);
  }

  private void fill() throws IOException {
    if (!known) {
      throw new IOException("no zstd frame");
    }
    set(output, out, CHUNK);
    read = 0;
    while (!ended && written() == 0) {
      long before = input.getAtIndex(JAVA_LONG, POSITION);
      long left = Zstd.ZSTD_decompressStream(dctx, output.address(), input.address());
      if (Zstd.ZSTD_isError(left) != 0) {
        throw Zstd.ZSTD_getErrorCode(left) == Zstd.ZSTD_error_frameParameter_windowTooLarge
            ? new TooLarge()
            : new IOException("damaged zstd data");
      }
      boolean stuck = written() == 0 && input.getAtIndex(JAVA_LONG, POSITION) == before;
      ended = left == 0 || stuck;
    }
  }

  @Override
  public void close() {
    if (arena.scope().isAlive()) {
      Zstd.ZSTD_freeDCtx(dctx);
      arena.close();
    }
  }
}
