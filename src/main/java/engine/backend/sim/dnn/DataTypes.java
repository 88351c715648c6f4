package engine.backend.sim.dnn;

import static engine.backend.sim.dnn.DnnError.bad;

import engine.backend.sim.math.ElementType;

/** {@code cudnnDataType_t}. */
final class DataTypes {
  private DataTypes() {}

  static ElementType of(long number) {
    return switch ((int) number) {
      case 0 -> ElementType.F32;
      case 1 -> ElementType.F64;
      case 2 -> ElementType.F16;
      case 3 -> ElementType.I8;
      case 4 -> ElementType.I32;
      case 6 -> ElementType.U8;
      case 9 -> ElementType.BF16;
      case 10 -> ElementType.I64;
      case 11 -> ElementType.BOOL;
      default -> throw bad("%d is no data type that the software GPU has", number);
    };
  }
}
