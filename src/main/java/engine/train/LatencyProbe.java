package engine.train;

import engine.data.transform.TransformSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/** Times single answers of a model, from pixels to logits. */
public final class LatencyProbe {
  private static final int WARM_UP = 5;

  private LatencyProbe() {}

  /**
   * Percentiles of a call, in milliseconds.
   *
   * @param batch pictures a call
   */
  public record Result(int batch, double p50, double p99) {}

  /**
   * @param side of the pictures, in pixels
   */
  public static Result measure(LoadedModel model, int batch, int side, int runs) {
    TransformSpec spec = model.info().preprocessing();
    double[] ms = new double[runs];
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocate((long) batch * side * side * spec.channels(), 64);
      for (int i = -WARM_UP; i < runs; i++) {
        long t = System.nanoTime();
        model.logits(pixels, batch, side, side, spec.channels());
        if (i >= 0) {
          ms[i] = (System.nanoTime() - t) / 1e6;
        }
      }
    }
    Arrays.sort(ms);
    return new Result(batch, ms[runs / 2], ms[Math.min(runs - 1, (int) (runs * 0.99))]);
  }
}
