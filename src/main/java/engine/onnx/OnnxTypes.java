package engine.onnx;

import engine.tensor.DType;

/** TensorProto.DataType. */
final class OnnxTypes {
  private OnnxTypes() {}

  static int code(DType t) {
    return switch (t) {
      case F32 -> 1;
      case U8 -> 2;
      case I8 -> 3;
      case I16 -> 5;
      case I32 -> 6;
      case I64 -> 7;
      case BOOL -> 9;
      case F16 -> 10;
      case F64 -> 11;
      case BF16 -> 16;
    };
  }

  /** Null for a type that the engine does not have. */
  static DType of(int code) {
    for (DType t : DType.values()) {
      if (code(t) == code) {
        return t;
      }
    }
    return null;
  }
}
