package engine.infer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;

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
   * What to time.
   *
   * @param side of the pictures, in pixels
   */
  public record Input(LoadedModel model, int side) {}

  /** A call of one model. */
  public static Result measure(LoadedModel model, int batch, int side, int runs) {
    return measure(List.of(new Input(model, side)), batch, runs);
  }

  /** A call of several models, one after the other. */
  public static Result measure(List<Input> inputs, int batch, int runs) {
    double[] ms = new double[runs];
    try (Arena arena = Arena.ofConfined()) {
      List<Runnable> calls = inputs.stream().map(i -> call(i, batch, arena)).toList();
      for (int i = -WARM_UP; i < runs; i++) {
        long t = System.nanoTime();
        calls.forEach(Runnable::run);
        if (i >= 0) {
          ms[i] = (System.nanoTime() - t) / 1e6;
        }
      }
    }
    Arrays.sort(ms);
    return new Result(batch, ms[runs / 2], ms[Math.min(runs - 1, (int) (runs * 0.99))]);
  }

  private static Runnable call(Input input, int batch, Arena arena) {
    int side = input.side();
    int channels = input.model().info().preprocessing().channels();
    MemorySegment pixels = arena.allocate((long) batch * side * side * channels, 64);
    return () -> input.model().logits(pixels, batch, side, side, channels);
  }
}
