package engine.backend.sim.blas;

import engine.backend.sim.math.ElementType;

/** {@code cudaDataType} (library_types.h). */
final class BlasTypes {
  private BlasTypes() {}

  static ElementType of(int number) {
    return switch (number) {
      case 0 -> ElementType.F32;
      case 2 -> ElementType.F16;
      case 3 -> ElementType.I8;
      case 10 -> ElementType.I32;
      case 14 -> ElementType.BF16;
      default -> throw BlasError.unsupported("the software GPU multiplies no data type %d", number);
    };
  }
}
