package engine.backend;

import engine.backend.Int8Graph.QuantizedType;
import engine.tensor.DType;

/** A function of bytes written down: for each of the 256 of one grid what it gives on another. */
public final class ByteTable {
  private static final int VALUES = 256;

  private ByteTable() {}

  /**
   * @return by the byte read, as a number without sign, the byte given
   */
  public static byte[] of(Activation f, QuantizedType in, QuantizedType out) {
    byte[] table = new byte[VALUES];
    int low = out.dtype() == DType.U8 ? 0 : Byte.MIN_VALUE;
    for (int i = 0; i < VALUES; i++) {
      int q = in.dtype() == DType.U8 ? i : (byte) i;
      float x = (q - in.zeroPoint()) * in.scale();
      long y = out.zeroPoint() + (long) Math.rint((float) of(f, x) * (1f / out.scale()));
      table[i] = (byte) Math.clamp(y, low, low + VALUES - 1);
    }
    return table;
  }

  private static double of(Activation f, double x) {
    return switch (f) {
      case RELU -> Math.max(0, x);
      case RELU6 -> Math.clamp(x, 0, 6);
      case SIGMOID -> 1 / (1 + Math.exp(-x));
      case SILU -> x / (1 + Math.exp(-x));
      case HARDSIGMOID -> Math.clamp(x + 3, 0, 6) / 6;
      case HARDSWISH -> x * Math.clamp(x + 3, 0, 6) / 6;
      case TANH -> Math.tanh(x);
      case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
    };
  }

  /** {@code 2/sqrt(pi) * exp(-x^2) * sum 2^n x^(2n+1) / (1 * 3 * ... * (2n+1))} (DLMF 7.6.2). */
  private static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x) * sum;
  }
}
