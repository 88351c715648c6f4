package engine.backend.sim.blas;

import static engine.backend.sim.blas.BlasError.invalid;
import static engine.backend.sim.blas.BlasError.unsupported;

import engine.backend.sim.math.ElementType;

/** A {@code cublasLtMatmulDesc_t}: what is computed, apart from the matrices. */
final class Operation {
  private static final int COMPUTE_32F = 68;
  private static final int COMPUTE_32F_FAST_TF32 = 77;
  private static final int COMPUTE_32I = 72;

  private static final int POINTER_MODE = 2;
  private static final int TRANSPOSE_A = 3;
  private static final int TRANSPOSE_B = 4;
  private static final int EPILOGUE = 7;
  private static final int BIAS_POINTER = 8;
  private static final int BIAS_TYPE = 26;

  private static final int DEFAULT = 1;
  private static final int RELU = 2;
  private static final int BIAS = 4;

  /** Whether sums are in int32, else in float. */
  final boolean whole;

  /** Whether float operands are rounded to TF32. */
  final boolean tf32;

  /** Type of alpha and beta. */
  final ElementType scale;

  boolean devicePointers;
  boolean transposeA;
  boolean transposeB;
  boolean relu;
  boolean addsBias;
  long biasPointer;

  /** Null for that of the result. */
  ElementType biasType;

  Operation(int compute, int scaleType) {
    if (compute != COMPUTE_32F && compute != COMPUTE_32F_FAST_TF32 && compute != COMPUTE_32I) {
      throw unsupported("the software GPU sums in 32 bits only, not as compute type %d", compute);
    }
    whole = compute == COMPUTE_32I;
    tf32 = compute == COMPUTE_32F_FAST_TF32;
    scale = BlasTypes.of(scaleType);
    if (scale != ElementType.F32 && !(whole && scale == ElementType.I32)) {
      throw invalid("compute type %d does not scale by %s", compute, scale);
    }
  }

  /** Bytes of an attribute's value. */
  static int bytes(int attribute) {
    return attribute == BIAS_POINTER ? 8 : 4;
  }

  void set(int attribute, long value) {
    switch (attribute) {
      case POINTER_MODE -> devicePointers = oneOf("pointer mode", value, 0, 1) == 1;
      case TRANSPOSE_A -> transposeA = oneOf("TRANSA", value, 0, 1) == 1;
      case TRANSPOSE_B -> transposeB = oneOf("TRANSB", value, 0, 1) == 1;
      case EPILOGUE -> {
        long e = oneOf("epilogue", value, DEFAULT, RELU, BIAS, RELU | BIAS);
        relu = (e & RELU) != 0;
        addsBias = (e & BIAS) != 0;
      }
      case BIAS_POINTER -> biasPointer = value;
      case BIAS_TYPE -> biasType = value == -1 ? null : BlasTypes.of((int) value);
      default -> throw unsupported("the software GPU has no matmul attribute %d", attribute);
    }
  }

  private static long oneOf(String what, long value, long... allowed) {
    for (long a : allowed) {
      if (a == value) {
        return value;
      }
    }
    throw unsupported("the software GPU has no %s %d", what, value);
  }
}
