package engine.verify;

import engine.backend.Memory;
import engine.tensor.DType;
import engine.tensor.Tensor;

/**
 * Casts, and linear layers whose operands were rounded to half precision while sums stay in F32.
 */
final class PrecisionCases {
  private PrecisionCases() {}

  static void cast(OpContext c) {
    cast(c, DType.F16, "out.f16");
    cast(c, DType.BF16, "out.bf16");
  }

  private static void cast(OpContext c, DType dtype, String key) {
    Memory memory = c.backend.memory();
    try (Tensor narrow = memory.cast(c.tensor("x"), dtype);
        Tensor back = memory.cast(narrow, DType.F32)) {
      c.check(key, memory.download(narrow, dtype));
      c.check(key + "_back", back);
    }
  }

  static void linearBf16(OpContext c) {
    linear(c, DType.BF16, "out.y_bf16");
  }

  static void linearF16(OpContext c) {
    linear(c, DType.F16, "out.y_f16");
  }

  private static void linear(OpContext c, DType dtype, String rounded) {
    Memory memory = c.backend.memory();
    try (Tensor x = memory.cast(c.tensor("x"), dtype);
        Tensor narrowBias = memory.cast(c.tensor("b"), dtype);
        Tensor bias = memory.cast(narrowBias, DType.F32);
        Tensor y = c.backend.linears().forward(x, c.tensor("w"), bias);
        Tensor narrow = memory.cast(y, dtype)) {
      c.check("out.y_f32acc", y);
      c.check(rounded, memory.download(narrow, dtype));
    }
  }
}
