package engine.inspect.kernel;

import static engine.inspect.kernel.Values.f32;
import static engine.inspect.kernel.Values.floats;
import static engine.inspect.kernel.Values.halves;
import static engine.inspect.kernel.Values.i32;
import static engine.inspect.kernel.Values.i64;
import static engine.inspect.kernel.Values.indices;
import static engine.inspect.kernel.Values.ints;
import static engine.inspect.kernel.Values.noise;
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

/** Of pool.cu, global_pool.cu, batch_norm.cu, layout.cu and pixels.cu. */
final class ImageSamples {
  private static final int IMAGES = 2;
  private static final int CHANNELS = 16;
  private static final int PLANES = IMAGES * CHANNELS;
  private static final int SIDE = 28;
  private static final int PLANE = SIDE * SIDE;
  private static final int N = PLANES * PLANE;
  private static final int OUT = PLANES * PLANE / 4;
  private static final Size3 ROWS_OF_8 = Size3.of(32, 8);

  private ImageSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples();
    pools(s);
    adaptive(s);
    norms(s);
    layouts(s);
    pixels(s);
    return s.all();
  }

  private static void pools(Samples s) {
    s.of("2 images of 16 channels, 28 x 28; windows of 3 x 3, stride 2, padding 1", N);
    Argument planes = i64(PLANES);
    Argument pool = ints(SIDE, SIDE, SIDE / 2, SIDE / 2, 3, 3, 2, 2, 1, 1, 1, 1, 0);
    Argument where = indices(OUT, PLANE);
    s.threads("max_pool", OUT, normal(N), room(4 * OUT), room(4 * OUT), planes, pool);
    s.threads("max_pool_backward_v1", OUT, normal(OUT), where, zeros(4 * N), planes, pool);
    s.threads("max_pool_backward", N, normal(OUT), where, room(4 * N), planes, pool);
    s.threads("average_pool", OUT, normal(N), room(4 * OUT), planes, pool);
    s.threads("average_pool_backward", N, normal(OUT), room(4 * N), planes, pool);
    s.threads("widen_indices", OUT, where, room(8 * OUT), i64(OUT));
    s.warps("global_average", PLANES, normal(N), room(4 * PLANES), planes, i64(PLANE));
  }

  private static void adaptive(Samples s) {
    s.of("2 images of 16 channels, 28 x 28 to 5 x 5", N);
    int cells = PLANES * 25;
    Argument[] shape = {i64(PLANES), i32(SIDE), i32(SIDE), i32(5), i32(5)};
    s.threads("adaptive_average", cells, with(shape, normal(N), room(4 * cells)));
    s.threads("adaptive_average_backward", N, with(shape, normal(cells), room(4 * N)));
    s.threads("adaptive_max", cells, with(shape, normal(N), room(4 * cells), room(4 * cells)));
    s.threads(
        "adaptive_max_backward", N, with(shape, normal(cells), indices(cells, PLANE), room(4 * N)));
  }

  private static Argument[] with(Argument[] shape, Argument... first) {
    Argument[] all = new Argument[first.length + shape.length];
    System.arraycopy(first, 0, all, 0, first.length);
    System.arraycopy(shape, 0, all, first.length, shape.length);
    return all;
  }

  private static void norms(Samples s) {
    s.of("2 images of 16 channels, 28 x 28", N);
    int perChannel = 4 * CHANNELS;
    Argument c = i32(CHANNELS);
    Argument size = i64(PLANE);
    Argument mean = normal(CHANNELS);
    Argument variance = uniform(CHANNELS);
    Argument eps = f32(1e-5);
    Size3 blocks = Size3.of(CHANNELS);
    Size3 block = Size3.of(256);
    s.grid(
        "norm_statistics",
        blocks,
        block,
        normal(N),
        room(perChannel),
        room(perChannel),
        i64(IMAGES),
        c,
        size);
    s.threads(
        "norm_forward",
        N,
        normal(N),
        normal(CHANNELS),
        normal(CHANNELS),
        mean,
        variance,
        eps,
        none(),
        i32(1),
        room(4 * N),
        room(N / 8),
        i64(N),
        c,
        size);
    s.threads("relu_mask_backward", N, normal(N), noise(N / 8), room(4 * N), i64(N));
    s.grid(
        "norm_gradients",
        blocks,
        block,
        normal(N),
        normal(N),
        mean,
        variance,
        eps,
        room(perChannel),
        room(perChannel),
        i64(IMAGES),
        c,
        size);
    s.threads(
        "norm_backward",
        N,
        normal(N),
        normal(N),
        normal(CHANNELS),
        mean,
        variance,
        eps,
        normal(CHANNELS),
        normal(CHANNELS),
        i32(0),
        room(4 * N),
        i64(N),
        c,
        size);
    s.of("16 channels", CHANNELS)
        .threads(
            "norm_update_running",
            CHANNELS,
            normal(CHANNELS),
            uniform(CHANNELS),
            mean,
            variance,
            f32(0.1),
            f32(1.001),
            c);
  }

  private static void layouts(Samples s) {
    s.of("2 images of 20 channels, padded to 24, 28 x 28", 2 * 24 * PLANE);
    int wide = IMAGES * 20 * PLANE;
    int padded = IMAGES * 24 * PLANE;
    Argument[] shape = {i32(20), i32(24), i32(PLANE)};
    Size3 tiles = new Size3((PLANE + 31) / 32, 1, IMAGES);
    s.threads(
        "nchw_to_nhwc_f16_v1", padded, with(shape, normal(wide), room(2 * padded), i32(IMAGES)));
    s.grid("nchw_to_nhwc_f16", tiles, ROWS_OF_8, with(shape, normal(wide), room(2 * padded)));
    s.grid("nhwc_f16_to_nchw", tiles, ROWS_OF_8, with(shape, halves(padded), room(4 * wide)));
    s.of("8 images of 128 channels, 7 x 7", 8 * 128 * 49);
    int n = 8 * 128 * 49;
    int means = 8 * 128;
    s.threads(
        "global_average_nhwc_v1", means, halves(n), room(4 * means), i64(8), i32(128), i32(49));
    s.grid(
        "global_average_nhwc",
        Size3.of(2, 8),
        ROWS_OF_8,
        halves(n),
        room(4 * means),
        i32(128),
        i32(49));
    s.threads(
        "global_average_nhwc_backward",
        n / 2,
        normal(means),
        room(2 * n),
        i64(8),
        i32(128),
        i32(49));
  }

  private static void pixels(Samples s) {
    int side = 64;
    int crop = 56;
    int bytes = 2 * side * side * 3;
    int pixels = 2 * crop * crop;
    s.of("2 pictures of 64 x 64, a value a colour", bytes);
    s.threads(
        "normalize_pixels",
        bytes,
        noise(bytes),
        floats(0.485, 0.456, 0.406),
        floats(0.229, 0.224, 0.225),
        room(4 * bytes),
        i64(bytes),
        i32(3),
        i64(side * side));
    s.of("2 crops of 56 x 56 from 64 x 64", pixels);
    Argument drawn = records(3, 5, 1, 1.2f, 0.9f, 1.1f, 0.05f, 8, 0, 0, 0.8f, 1.1f, 0.7f, 0f);
    Argument[] sizes = {i32(side), i32(side), i32(crop), i32(crop)};
    s.grid("augment_luma", Size3.of(2), Size3.of(256), with(sizes, noise(bytes), drawn, room(8)));
    s.threads(
        "augment",
        pixels,
        noise(bytes),
        drawn,
        floats(0.5, 0.5),
        floats(0.485, 0.456, 0.406),
        floats(0.229, 0.224, 0.225),
        room(8 * pixels),
        i32(2),
        i32(side),
        i32(side),
        i32(crop),
        i32(crop));
  }
}
