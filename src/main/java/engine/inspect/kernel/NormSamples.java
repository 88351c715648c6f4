package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.halves;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.noise;
import static engine.inspect.kernel.SampleValues.none;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.struct;
import static engine.inspect.kernel.SampleValues.uniform;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;

/** Of batch_norm.cu. */
final class NormSamples {
  private static final int CHANNELS = 64;
  private static final int PIXELS = 2 * 14 * 14;
  private static final int N = PIXELS * CHANNELS;
  private static final int PARTS = 2;
  private static final int PER_CHANNEL = 4 * CHANNELS;

  /** 8 threads of 8 channels each, 32 rows of pixels. */
  private static final Size3 BLOCK = Size3.of(CHANNELS / 8, 32);

  private static final Size3 BLOCKS = Size3.of(1, PARTS);
  private static final Size3 FINISH = Size3.of(32, 8);

  private static final Argument PIXEL_COUNT = i64(PIXELS);
  private static final Argument CHANNEL_COUNT = i32(CHANNELS);
  private static final Argument CHUNK = i64(PIXELS / PARTS);
  private static final Argument EPS = f32(1e-5);
  private static final Argument MEAN = normal(CHANNELS);
  private static final Argument VARIANCE = uniform(CHANNELS);

  private NormSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("2 images of 64 channels, 14 x 14", N);
    s.threads(
        "norm_statistics_f32_v1",
        CHANNELS,
        normal(N),
        room(PER_CHANNEL),
        room(PER_CHANNEL),
        PIXEL_COUNT,
        CHANNEL_COUNT);
    type(s, "f32", 4);
    type(s, "f16", 2);
    type(s, "bf16", 2);
    line(s);
    finish(s);
    s.of("64 channels", CHANNELS)
        .threads(
            "norm_from_sums",
            CHANNELS,
            normal(CHANNELS),
            uniform(CHANNELS),
            normal(CHANNELS),
            normal(CHANNELS),
            EPS,
            PIXEL_COUNT,
            room(PER_CHANNEL),
            room(PER_CHANNEL),
            room(2 * CHANNELS),
            room(2 * CHANNELS),
            CHANNEL_COUNT,
            running());
    return s.all();
  }

  private static Argument running() {
    return struct(normal(CHANNELS), uniform(CHANNELS), zeros(8), f32(0.1), f32(1.001));
  }

  private static Argument lines() {
    return struct(
        normal(CHANNELS), MEAN, VARIANCE, EPS, i32(0), PIXEL_COUNT, room(3 * PER_CHANNEL));
  }

  private static Argument images(int bytes) {
    return bytes == 4 ? normal(N) : halves(N);
  }

  private static void type(Samples s, String name, int bytes) {
    s.grid(
        "norm_statistics_" + name,
        BLOCKS,
        BLOCK,
        images(bytes),
        room(PARTS * 2 * PER_CHANNEL),
        PIXEL_COUNT,
        CHANNEL_COUNT,
        CHUNK);
    s.threads(
        "norm_forward_" + name,
        N / 8,
        images(bytes),
        normal(CHANNELS),
        normal(CHANNELS),
        MEAN,
        VARIANCE,
        EPS,
        none(),
        i32(1),
        room(bytes * N),
        room(N / 8),
        i64(N),
        CHANNEL_COUNT);
    s.grid(
        "norm_gradients_" + name,
        BLOCKS,
        BLOCK,
        images(bytes),
        images(bytes),
        noise(N / 8),
        none(),
        lines(),
        room(PARTS * 2 * PER_CHANNEL),
        zeros(8),
        room(PER_CHANNEL),
        room(PER_CHANNEL),
        CHANNEL_COUNT,
        CHUNK);
    s.threads(
        "norm_backward_" + name,
        N / 4,
        images(bytes),
        images(bytes),
        noise(N / 8),
        none(),
        normal(3 * CHANNELS),
        i32(0),
        room(bytes * N),
        room(bytes * N),
        i64(N),
        CHANNEL_COUNT);
  }

  private static void line(Samples s) {
    s.grid(
        "norm_gradients_line_f16",
        BLOCKS,
        BLOCK,
        halves(N),
        halves(N),
        halves(CHANNELS),
        halves(CHANNELS),
        lines(),
        room(PARTS * 2 * PER_CHANNEL),
        zeros(8),
        room(PER_CHANNEL),
        room(PER_CHANNEL),
        CHANNEL_COUNT,
        CHUNK);
    s.threads(
        "norm_backward_line_f16",
        N / 4,
        halves(N),
        halves(N),
        halves(CHANNELS),
        halves(CHANNELS),
        normal(3 * CHANNELS),
        room(2 * N),
        i64(N),
        CHANNEL_COUNT);
  }

  private static void finish(Samples s) {
    Argument parts = uniform(PARTS * 2 * CHANNELS);
    Size3 blocks = Size3.of(CHANNELS / 32);
    s.grid(
        "norm_finish",
        blocks,
        FINISH,
        parts,
        room(PER_CHANNEL),
        room(PER_CHANNEL),
        PIXEL_COUNT,
        CHANNEL_COUNT,
        CHUNK,
        i32(PARTS),
        running());
  }
}
