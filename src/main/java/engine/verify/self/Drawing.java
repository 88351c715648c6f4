package engine.verify.self;

import engine.tensor.DType;
import engine.tensor.HostTensor;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/** Values to compute with, the same in every run. */
final class Drawing {
  private final SplittableRandom random = new SplittableRandom(20261130);

  HostTensor normal(long... shape) {
    return drawn(random::nextGaussian, shape);
  }

  /** Between 0.01 and 1.01. */
  HostTensor positive(long... shape) {
    return drawn(() -> 0.01 + random.nextDouble(), shape);
  }

  /** Of either sign, not near 0: a divisor. */
  HostTensor away(long... shape) {
    return drawn(() -> (random.nextBoolean() ? 1 : -1) * (0.5 + random.nextDouble()), shape);
  }

  HostTensor classes(int n, int classes) {
    return HostTensor.of(random.ints(n, 0, classes).toArray(), n);
  }

  private static HostTensor drawn(DoubleSupplier draw, long... shape) {
    float[] all = new float[Math.toIntExact(Arrays.stream(shape).reduce(1, (a, b) -> a * b))];
    for (int i = 0; i < all.length; i++) {
      all[i] = (float) draw.getAsDouble();
    }
    return HostTensor.of(all, shape);
  }

  /** Values as a type holds them, still F32. */
  static HostTensor rounded(HostTensor x, DType type) {
    if (type == DType.F32 || x.dtype() != DType.F32) {
      return x;
    }
    float[] v = x.toFloats();
    for (int i = 0; i < v.length; i++) {
      v[i] =
          type == DType.F16 ? Float.float16ToFloat(Float.floatToFloat16(v[i])) : toBfloat16(v[i]);
    }
    return HostTensor.of(v, x.shape().dims());
  }

  private static float toBfloat16(float v) {
    int bits = Float.floatToRawIntBits(v);
    return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
  }
}
