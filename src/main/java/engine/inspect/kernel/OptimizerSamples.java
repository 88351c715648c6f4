package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.f64;
import static engine.inspect.kernel.SampleValues.floats;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.none;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.struct;
import static engine.inspect.kernel.SampleValues.tensorIndices;
import static engine.inspect.kernel.SampleValues.tensorList;
import static engine.inspect.kernel.SampleValues.uniform;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;
import java.util.stream.IntStream;

/** Of adamw.cu, sgd.cu and grad_norm.cu. */
final class OptimizerSamples {
  private static final int LARGE = 16384;

  /** A convolution's weight, one whose size is odd, a bias. */
  private static final int[] SIZES = {LARGE, 4097, 100};

  private static final String WHAT = "three tensors of 16,384, 4,097 and 100 elements";
  private static final int ELEMENTS = LARGE + 4097 + 100;
  private static final Size3 BLOCK = Size3.of(256);
  private static final Size3 BY_ELEMENT = Size3.of(LARGE / 256, SIZES.length);
  private static final int CHUNKS = IntStream.of(SIZES).map(SampleValues::chunks).sum();
  private static final Size3 BY_CHUNK = Size3.of(CHUNKS);

  private OptimizerSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples();
    adamw(s);
    sgd(s);
    gradients(s);
    return s.all();
  }

  private static void adamw(Samples s) {
    Argument rates = floats(3e-4, 0.01);
    Argument control = floats(1, 0, 1);
    Argument factors = floats(3e-3, 31.6, 3e-3, 31.6, 3e-3, 31.6);
    Argument rule = struct(f32(0.1), f32(0.999), f32(0.001), f32(1e-8), i32(1), i32(0));
    Argument list =
        tensorList(
            SIZES,
            SampleValues::normal,
            SampleValues::normal,
            SampleValues::normal,
            SampleValues::uniform,
            n -> none(),
            n -> room(2L * n));
    s.of("three tensors", 3)
        .threads(
            "adam_steps",
            3,
            tensorIndices(),
            i32(3),
            rates,
            floats(0, 1, 99),
            control,
            f64(0.9),
            f64(0.999),
            room(24));
    s.of("one tensor of 16,384 elements", LARGE)
        .threads(
            "adamw_v1",
            LARGE,
            normal(LARGE),
            normal(LARGE),
            normal(LARGE),
            uniform(LARGE),
            i64(LARGE),
            i32(0),
            rates,
            control,
            factors,
            rule);
    s.of(WHAT, ELEMENTS)
        .grid("adamw_v2", BY_ELEMENT, BLOCK, list, rates, control, factors, rule)
        .grid("adamw", BY_CHUNK, BLOCK, list, rates, control, factors, rule);
  }

  private static void sgd(Samples s) {
    Argument control = floats(1, 0, 1);
    s.of("three tensors", 3)
        .threads("sgd_steps", 3, tensorIndices(), i32(3), floats(0, 1, 99), control, room(12));
    s.of(WHAT, ELEMENTS)
        .grid(
            "sgd",
            BY_CHUNK,
            BLOCK,
            tensorList(
                SIZES,
                SampleValues::normal,
                SampleValues::normal,
                SampleValues::normal,
                n -> room(2L * n)),
            floats(0.1, 1e-4),
            control,
            floats(1, 1, 1),
            struct(f32(0.9), f32(1), i32(1), i32(0)))
        .grid(
            "ema",
            BY_CHUNK,
            BLOCK,
            tensorList(SIZES, SampleValues::normal, SampleValues::normal),
            floats(0.999, 0.001))
        .grid("scale_list", BY_CHUNK, BLOCK, tensorList(SIZES, SampleValues::normal), control);
  }

  private static void gradients(Samples s) {
    s.of("one tensor of 16,384 elements", LARGE)
        .threads("grad_norm_v1", LARGE / 4, normal(LARGE), i64(LARGE), zeros(4));
    s.of(WHAT, ELEMENTS)
        .grid(
            "grad_norm_blocks",
            BY_CHUNK,
            BLOCK,
            tensorList(SIZES, SampleValues::normal),
            room(8L * CHUNKS),
            i32(0));
    s.of("12 partial sums", 12)
        .grid("grad_norm_finish", Size3.of(1), BLOCK, zeros(8 * 12), i32(12), room(8));
    s.of("one norm", 1)
        .one("grad_control", floats(3, 0), floats(65536), f32(1), room(12))
        .one("loss_scale", floats(65536), floats(7), floats(1, 1, 1), f64(2), f64(0.5), i32(2000));
  }
}
