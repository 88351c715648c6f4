package engine.backend.cuda.memory;

import engine.backend.cuda.driver.Launcher;

/**
 * Copies of rows that lie apart in device memory, by {@code copy_rows_*} of cuda/layout.cu: the
 * driver's own copy takes no pitch but those it gave itself.
 */
public final class RowCopies {
  /** Bytes of the units that there are kernels for, the fastest first. */
  private static final int[] UNITS = {16, 4, 2};

  /**
   * Where rows lie.
   *
   * @param address of the first
   * @param pitch bytes from a row to the next
   */
  public record Rows(long address, long pitch) {}

  private final Launcher launch;

  RowCopies(Launcher launch) {
    this.launch = launch;
  }

  /**
   * @param bytes of a row; it, addresses and pitches are multiples of 2
   */
  public void copy(Rows from, Rows to, long bytes, long rows) {
    if (bytes == 0 || rows == 0) {
      return;
    }
    int unit = unit(from.address | from.pitch | to.address | to.pitch | bytes);
    launch
        .kernel("copy_rows_" + 8 * unit)
        .of(from.address)
        .of(from.pitch / unit)
        .of(to.address)
        .of(to.pitch / unit)
        .of(bytes / unit)
        .of(rows)
        .threads(bytes / unit * rows);
  }

  /** The largest that all of these numbers, of which this has the bits, are multiples of. */
  private static int unit(long bits) {
    for (int u : UNITS) {
      if (bits % u == 0) {
        return u;
      }
    }
    throw new IllegalArgumentException("rows are copied by 2 bytes at least");
  }
}
