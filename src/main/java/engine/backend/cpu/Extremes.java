package engine.backend.cpu;

import engine.backend.cpu.runtime.Raw;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/** The least and the largest of floats in native memory, a few lanes at a time; one thread's. */
final class Extremes {
  private static final int BLOCK = 2048;
  private static final int LANES = 128;
  private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;

  private final float[] block = new float[BLOCK];
  private final float[] lo = new float[LANES];
  private final float[] hi = new float[LANES];

  /** Forgets what was taken. */
  void reset() {
    Arrays.fill(lo, Float.POSITIVE_INFINITY);
    Arrays.fill(hi, Float.NEGATIVE_INFINITY);
  }

  /** Takes the floats [begin, end) at an address. */
  void take(long address, long begin, long end) {
    for (long i = begin; i < end; i += BLOCK) {
      int n = (int) Math.min(BLOCK, end - i);
      MemorySegment.copy(Raw.MEMORY, F32, address + i * 4, block, 0, n);
      for (int at = 0; at < n; at += LANES) {
        QuantLoops.extremes(lo, hi, block, at, Math.min(LANES, n - at));
      }
    }
  }

  float least() {
    return min(lo);
  }

  float largest() {
    return max(hi);
  }

  static float min(float[] x) {
    float m = Float.POSITIVE_INFINITY;
    for (float v : x) {
      m = Math.min(m, v);
    }
    return m;
  }

  static float max(float[] x) {
    float m = Float.NEGATIVE_INFINITY;
    for (float v : x) {
      m = Math.max(m, v);
    }
    return m;
  }
}
