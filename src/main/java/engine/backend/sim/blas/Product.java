package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;
import static engine.backend.sim.blas.BlasError.unsupported;

import engine.backend.sim.math.ElementType;

/**
 * A product that was checked: {@code D = epilogue(alpha * op(A) * op(B) + beta * C)}. The rules for
 * types are those of "cublasLtMatmul()" in the cuBLAS documentation.
 */
record Product(Operation operation, Layout a, Layout b, Layout c, Layout d) {

  Product {
    long m = operation.transposeA ? a.columns : a.rows;
    long k = operation.transposeA ? a.rows : a.columns;
    long kb = operation.transposeB ? b.columns : b.rows;
    long n = operation.transposeB ? b.rows : b.columns;
    if (k != kb || d.rows != m || d.columns != n || c.rows != m || c.columns != n) {
      throw invalid(
          "A (%s%s) times B (%s%s) does not give C (%s) and D (%s)",
          a,
          operation.transposeA ? ", transposed" : "",
          b,
          operation.transposeB ? ", transposed" : "",
          c,
          d);
    }
    if (a.type != b.type) {
      throw unsupported("A is %s and B is %s", a.type, b.type);
    }
    if (operation.whole) {
      checkWhole(operation, a, b, c, d);
    } else {
      checkFloating(operation, a, c, d);
    }
  }

  private static void checkFloating(Operation o, Layout a, Layout c, Layout d) {
    boolean half = a.type == ElementType.F16 || a.type == ElementType.BF16;
    if (!half && a.type != ElementType.F32) {
      throw unsupported("%s is not multiplied in float", a.type);
    }
    if (o.tf32 && a.type != ElementType.F32) {
      throw unsupported("%s is not rounded to TF32", a.type);
    }
    if (c.type != d.type || (d.type != ElementType.F32 && d.type != a.type)) {
      throw unsupported("products of %s do not give %s and %s", a.type, c.type, d.type);
    }
    if (o.addsBias && o.biasType != null && o.biasType != d.type && o.biasType != a.type) {
      throw unsupported("a bias of %s for a result of %s", o.biasType, d.type);
    }
  }

  /** Bytes: A transposed, B not, everything in fours. */
  private static void checkWhole(Operation o, Layout a, Layout b, Layout c, Layout d) {
    boolean plain = o.scale == ElementType.I32 && d.type == ElementType.I32;
    boolean scaled = o.scale == ElementType.F32 && d.type == ElementType.I8;
    if (a.type != ElementType.I8 || c.type != d.type || !(plain || scaled)) {
      throw unsupported(
          "products of %s scaled by %s do not give %s and %s", a.type, o.scale, c.type, d.type);
    }
    if (!o.transposeA || o.transposeB) {
      throw unsupported("bytes are multiplied with A transposed and B not");
    }
    if (a.leading % 4 != 0 || b.leading % 4 != 0 || d.leading % 4 != 0 || a.rows % 4 != 0) {
      throw unsupported("bytes are multiplied in fours: A %s, B %s, D %s", a, b, d);
    }
    if (o.addsBias || o.relu) {
      throw unsupported("the software GPU has no epilogue for bytes");
    }
  }

  int rows() {
    return Math.toIntExact(d.rows);
  }

  int columns() {
    return Math.toIntExact(d.columns);
  }

  int depth() {
    return Math.toIntExact(operation.transposeA ? a.rows : a.columns);
  }

  ElementType biasType() {
    return operation.biasType == null ? d.type : operation.biasType;
  }
}
