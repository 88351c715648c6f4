package engine.inspect.kernel;

import static engine.inspect.kernel.Values.f32;
import static engine.inspect.kernel.Values.floats;
import static engine.inspect.kernel.Values.i32;
import static engine.inspect.kernel.Values.i64;
import static engine.inspect.kernel.Values.none;
import static engine.inspect.kernel.Values.normal;
import static engine.inspect.kernel.Values.records;
import static engine.inspect.kernel.Values.room;
import static engine.inspect.kernel.Values.uniform;
import static engine.inspect.kernel.Values.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;

/** Of fake_quant.cu. */
final class QuantSamples {
  private static final int N = 32 * 1024 + 5;
  private static final int CHANNELS = 32;
  private static final int INNER = 577;
  private static final int WEIGHT = CHANNELS * INNER;
  private static final int PARTS = 8;
  private static final Size3 BLOCK = Size3.of(256);

  private QuantSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples();
    Argument qmin = i32(0);
    Argument qmax = i32(255);
    Argument scale = floats(0.02);
    Argument zero = records(128);
    s.of("32,773 elements on one grid of 8 bits", N)
        .threads("fake_quant_v1", N, normal(N), scale, zero, qmin, qmax, room(4 * N), i64(N))
        .threads("fake_quant", N / 4 + 1, normal(N), scale, zero, qmin, qmax, room(4 * N), i64(N));
    channels(s);
    observers(s);
    return s.all();
  }

  private static void channels(Samples s) {
    Argument low = i32(-128);
    Argument high = i32(127);
    Argument scales = uniform(CHANNELS);
    Argument zeros = zeros(4 * CHANNELS);
    Argument c = i32(CHANNELS);
    Argument inner = i64(INNER);
    s.of("a weight of 32 x 577 on a grid a channel", WEIGHT);
    s.threads(
        "fake_quant_channels",
        WEIGHT,
        normal(WEIGHT),
        none(),
        scales,
        zeros,
        low,
        high,
        room(4 * WEIGHT),
        i64(WEIGHT),
        c,
        inner);
    s.threads(
        "fake_quant_backward",
        WEIGHT,
        normal(WEIGHT),
        normal(WEIGHT),
        none(),
        scales,
        zeros,
        low,
        high,
        room(4 * WEIGHT),
        i64(WEIGHT),
        c,
        inner);
    s.grid(
        "rounding_gradient",
        Size3.of(1, CHANNELS),
        BLOCK,
        normal(WEIGHT),
        normal(WEIGHT),
        none(),
        scales,
        zeros,
        low,
        high,
        room(8 * CHANNELS),
        i64(1),
        c,
        inner);
    s.of("32 channels of 8 parts", CHANNELS * PARTS)
        .threads(
            "rounding_gradient_finish",
            CHANNELS,
            zeros(8 * CHANNELS * PARTS),
            i32(PARTS),
            room(4 * CHANNELS),
            c);
  }

  private static void observers(Samples s) {
    Argument fresh = floats(Double.POSITIVE_INFINITY);
    Argument none = floats(Double.NEGATIVE_INFINITY);
    s.of("32,773 elements, one range", N)
        .grid(
            "observe_v1",
            Size3.of(1),
            BLOCK,
            normal(N),
            fresh,
            none,
            f32(0),
            i64(1),
            i32(1),
            i64(N))
        .grid(
            "observe", Size3.of(PARTS), BLOCK, normal(N), room(8 * PARTS), i64(1), i32(1), i64(N));
    Argument c = i32(CHANNELS);
    s.of("32 channels of 8 parts", CHANNELS * PARTS)
        .threads(
            "observe_finish",
            CHANNELS,
            normal(2 * CHANNELS * PARTS),
            i32(PARTS),
            none(),
            normal(CHANNELS),
            uniform(CHANNELS),
            f32(0.01),
            c);
    s.of("32 channels", CHANNELS)
        .threads(
            "quant_parameters",
            CHANNELS,
            normal(CHANNELS),
            uniform(CHANNELS),
            i32(0),
            i32(0),
            i32(255),
            room(4 * CHANNELS),
            room(4 * CHANNELS),
            c)
        .threads(
            "norm_factor",
            CHANNELS,
            normal(CHANNELS),
            uniform(CHANNELS),
            f32(1e-5),
            room(4 * CHANNELS),
            c);
  }
}
