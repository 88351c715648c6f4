package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;

import engine.backend.sim.math.ElementType;
import engine.backend.sim.math.StridedTensor;

/** A {@code cublasLtMatrixLayout_t}. */
final class Layout {
  private static final int ROW_ORDER = 1;

  final ElementType type;
  final long rows;
  final long columns;
  final long leading;
  private boolean rowMajor;

  Layout(ElementType type, long rows, long columns, long leading) {
    if (rows < 1 || columns < 1) {
      throw invalid("a matrix of %d rows and %d columns", rows, columns);
    }
    this.type = type;
    this.rows = rows;
    this.columns = columns;
    this.leading = leading;
  }

  void order(int order) {
    if (order != 0 && order != ROW_ORDER) {
      throw BlasError.unsupported("the software GPU has column and row order only, not %d", order);
    }
    rowMajor = order == ROW_ORDER;
  }

  /**
   * The matrix at an address.
   *
   * @param name for reports
   */
  StridedTensor at(String name, long address) {
    long least = rowMajor ? columns : rows;
    if (leading < least) {
      throw invalid("%s: the leading dimension %d is under %d", name, leading, least);
    }
    if (address == 0) {
      throw invalid("%s is null", name);
    }
    if (address % type.bytes() != 0) {
      throw invalid("%s at 0x%x is not aligned to its elements", name, address);
    }
    long[] strides = rowMajor ? new long[] {leading, 1} : new long[] {1, leading};
    return new StridedTensor(name, type, new long[] {rows, columns}, strides, address);
  }

  /** Whether it is laid out as {@code other}. */
  boolean sameAs(Layout other) {
    return type == other.type
        && rows == other.rows
        && columns == other.columns
        && leading == other.leading
        && rowMajor == other.rowMajor;
  }

  @Override
  public String toString() {
    return "%s %dx%d, leading dimension %d, by %s"
        .formatted(type, rows, columns, leading, rowMajor ? "rows" : "columns");
  }
}
