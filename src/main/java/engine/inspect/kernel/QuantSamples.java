package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.f64;
import static engine.inspect.kernel.SampleValues.floats;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.ints;
import static engine.inspect.kernel.SampleValues.noise;
import static engine.inspect.kernel.SampleValues.none;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.records;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.uniform;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Arrays;
import java.util.Map;

/** Of fake_quant.cu and int8.cu. */
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
    bytes(s);
    others(s);
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

  private static void bytes(Samples s) {
    int side = 28;
    int images = 2;
    int pixels = images * side * side;
    int words = pixels * 4;
    int framed = images * (side + 2) * (side + 2) * 16;
    Argument n = i64(images);
    Argument shape = ints(side, side, 16, 1, 1);
    s.of("2 images of 3 channels, filled up to 16, 28 x 28 in a frame of 1", words);
    s.threads(
        "int8_quantize",
        words,
        normal(3 * pixels),
        room(framed),
        n,
        i32(3),
        shape,
        f32(50),
        i32(-11));
    s.threads(
        "int8_pixels", words, noise(3 * pixels), noise(3 * 256), room(framed), n, i32(3), shape);
    s.of("2 images of 16 channels, 28 x 28; windows of 3 x 3, stride 2, padding 1", words / 4)
        .threads(
            "int8_max_pool",
            words / 4,
            noise(framed),
            room(pixels * 4),
            n,
            shape,
            ints(side / 2, side / 2, 16, 0, 0),
            ints(3, 3, 2, 2, 1, 1, 1, 1));
    int deep = 4 * 512 * 49;
    s.of("4 images of 512 channels, 7 x 7", deep)
        .grid(
            "int8_global_average",
            Size3.of(4, 4),
            Size3.of(32, 8),
            noise(deep),
            room(4 * 512),
            none(),
            i32(512),
            ints(7, 7, 512, 0, 0),
            i32(-128),
            f64(0.02),
            i32(-128));
    int logits = 64 * 100;
    s.of("64 rows of 100 classes, filled up to 112", logits)
        .threads(
            "int8_logits",
            logits,
            noise(4 * 64 * 112),
            zeros(4 * 100),
            uniform(100),
            room(4 * logits),
            i64(64),
            i32(100),
            i32(112));
  }

  /** What is beside whole products: groups, and layers between bytes and real numbers. */
  private static void others(Samples s) {
    int side = 28;
    int images = 2;
    int channels = 32;
    int words = images * side * side * channels / 4;
    Argument n = i64(images);
    Argument bytes = noise(4 * words);
    Argument shape = ints(side, side, channels, 0, 0);
    Argument framed = ints(side, side, channels, 1, 1);
    Argument window = ints(3, 3, 1, 1, 1, 1, 1, 1);
    Argument[] convolution = {
      noise(images * (side + 2) * (side + 2) * channels),
      noise(9 * channels),
      uniform(channels),
      normal(channels),
      none(),
      f32(0),
      f32(-128),
      room(4 * words),
      n,
      framed,
      shape,
      shape,
      window
    };
    s.of("2 images of 32 channels, 28 x 28; a filter of 3 x 3 each", words);
    s.threads("int8_depthwise", words, convolution);
    Argument[] grouped = Arrays.copyOf(convolution, convolution.length + 2);
    grouped[1] = noise(9 * 8 * channels);
    grouped[convolution.length] = i32(8);
    grouped[convolution.length + 1] = i32(8);
    s.of("2 images of 32 channels in 4 groups, 28 x 28; filters of 3 x 3", words);
    s.threads("int8_grouped", words, grouped);
    s.of("2 images of 32 channels, 28 x 28", words)
        .threads("int8_map", words, bytes, noise(256), room(4 * words), n, shape, shape)
        .threads(
            "int8_add",
            words,
            bytes,
            bytes,
            room(4 * words),
            n,
            shape,
            shape,
            shape,
            f32(0.02),
            i32(-128),
            f32(0.03),
            i32(0),
            f32(25),
            i32(-100))
        .threads(
            "int8_gate",
            words,
            bytes,
            uniform(images * channels),
            room(4 * words),
            n,
            i32(channels),
            shape,
            shape,
            f32(0.02),
            i32(-120),
            f32(60),
            i32(-120))
        .threads(
            "int8_real",
            words,
            bytes,
            room(16 * words),
            n,
            i32(channels),
            shape,
            f32(0.02),
            i32(-128));
  }
}
