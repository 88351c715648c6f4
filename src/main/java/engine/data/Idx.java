package engine.data;

import engine.base.UserError;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;

/**
 * An IDX file of unsigned bytes, plain or gzip: two zero bytes, the type (8), the number of
 * dimensions, each extent as a big-endian int, then the values (the form of LeCun's MNIST page).
 *
 * @param dims extents, outermost first
 * @param data the values, last dimension fastest
 */
record Idx(int[] dims, byte[] data) {
  private static final int UNSIGNED_BYTE = 8;

  /**
   * Reads {@code file}.
   *
   * @throws UserError if it cannot be read, is not IDX of bytes with {@code rank} dimensions, or
   *     does not hold exactly what its header says
   */
  static Idx read(Path file, int rank) {
    try (InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        DataInputStream in = new DataInputStream(unpacked(raw, file))) {
      int magic = in.readInt();
      if (magic != (UNSIGNED_BYTE << 8 | rank)) {
        throw new UserError(
            "%s is not an IDX file of bytes with %d dimension%s: it starts with 0x%08x, not 0x%08x"
                .formatted(file, rank, rank == 1 ? "" : "s", magic, UNSIGNED_BYTE << 8 | rank));
      }
      int[] dims = new int[rank];
      long bytes = 1;
      for (int d = 0; d < rank; d++) {
        dims[d] = in.readInt();
        bytes = dims[d] < 1 ? -1 : bytes * dims[d];
        if (bytes < 1 || bytes > Integer.MAX_VALUE - 8) {
          throw new UserError(
              "the IDX header of %s is damaged: its extents begin %s"
                  .formatted(file, Arrays.toString(Arrays.copyOf(dims, d + 1))));
        }
      }
      // Not allocated up front: a damaged header must not ask for two gigabytes.
      byte[] data = in.readNBytes((int) bytes);
      if (data.length < bytes) {
        throw new EOFException();
      }
      if (in.read() >= 0) {
        throw new UserError(
            "%s is longer than the %d bytes its header announces: download it again"
                .formatted(file, bytes));
      }
      return new Idx(dims, data);
    } catch (EOFException e) {
      throw new UserError(file + " ends too early: download it again", e);
    } catch (IOException e) {
      throw new UserError("cannot read " + file + ": " + ReadFailure.of(e), e);
    }
  }

  private static InputStream unpacked(InputStream in, Path file) throws IOException {
    boolean gzip = file.getFileName().toString().endsWith(".gz");
    return gzip ? new GZIPInputStream(in, 1 << 16) : in;
  }
}
