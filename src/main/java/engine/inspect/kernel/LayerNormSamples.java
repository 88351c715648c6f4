package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.halves;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.uniform;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;

/** Of layer_norm.cu. */
final class LayerNormSamples {
  private static final int CHANNELS = 96;
  private static final int ROWS = 2 * 14 * 14;
  private static final int N = ROWS * CHANNELS;
  private static final int PARTS = 2;

  private static final Argument ROW_COUNT = i64(ROWS);
  private static final Argument LENGTH = i64(CHANNELS);
  private static final Argument SCALE = normal(CHANNELS);
  private static final Argument SHIFT = normal(CHANNELS);
  private static final Argument EPS = f32(1e-6);
  private static final Argument MEAN = normal(ROWS);
  private static final Argument RSTD = uniform(ROWS);

  private LayerNormSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("2 images of 96 channels, 14 x 14", N);
    s.threads("layer_norm_f32_v1", ROWS, forward(4));
    type(s, "f32", 4);
    type(s, "f16", 2);
    type(s, "bf16", 2);
    return s.all();
  }

  private static Argument images(int bytes) {
    return bytes == 4 ? normal(N) : halves(N);
  }

  private static Argument[] forward(int bytes) {
    return new Argument[] {
      images(bytes),
      SCALE,
      SHIFT,
      EPS,
      room(bytes * N),
      room(4 * ROWS),
      room(4 * ROWS),
      ROW_COUNT,
      LENGTH
    };
  }

  private static void type(Samples s, String name, int bytes) {
    s.warps("layer_norm_" + name, ROWS, forward(bytes));
    s.warps(
        "layer_norm_backward_" + name,
        ROWS,
        images(bytes),
        images(bytes),
        SCALE,
        MEAN,
        RSTD,
        room(bytes * N),
        ROW_COUNT,
        LENGTH);
    s.grid(
        "layer_norm_gradients_" + name,
        Size3.of(CHANNELS / 32, PARTS),
        Size3.of(32, 8),
        images(bytes),
        images(bytes),
        MEAN,
        RSTD,
        room(4 * PARTS * CHANNELS),
        room(4 * PARTS * CHANNELS),
        ROW_COUNT,
        LENGTH,
        i64(ROWS / PARTS));
  }
}
