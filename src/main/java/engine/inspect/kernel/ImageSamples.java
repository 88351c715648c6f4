package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.floats;
import static engine.inspect.kernel.SampleValues.halves;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.indices;
import static engine.inspect.kernel.SampleValues.ints;
import static engine.inspect.kernel.SampleValues.noise;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.places;
import static engine.inspect.kernel.SampleValues.records;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.struct;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Of pool.cu, global_pool.cu, layout.cu and pixels.cu. */
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
    layouts(s);
    globalAverages(s);
    pixels(s);
    return s.all();
  }

  private static void pools(Samples s) {
    s.of("2 images of 16 channels, 28 x 28; windows of 3 x 3, stride 2, padding 1", N);
    Argument planes = i64(PLANES);
    Argument one = i32(1);
    Argument pool = ints(SIDE, SIDE, SIDE / 2, SIDE / 2, 3, 3, 2, 2, 1, 1, 1, 1, 0, 0);
    Argument where = places(OUT, 3 * 3);
    s.threads("max_pool", OUT, normal(N), room(4 * OUT), room(OUT), planes, one, pool);
    s.threads("max_pool_backward_v1", OUT, normal(OUT), where, zeros(4 * N), planes, one, pool);
    s.threads("max_pool_backward", N, normal(OUT), where, room(4 * N), planes, one, pool);
    s.threads("average_pool", OUT, normal(N), room(4 * OUT), planes, one, pool);
    s.threads("average_pool_backward", N, normal(OUT), room(4 * N), planes, one, pool);
    s.threads("widen_indices", OUT, where, room(8 * OUT), planes, one, pool);
    s.warps("global_average", PLANES, normal(N), room(4 * PLANES), planes, i64(PLANE));
    Argument images = i64(IMAGES);
    Argument channels = i32(CHANNELS);
    for (String type : List.of("f16", "bf16")) {
      s.threads(
          "max_pool_" + type, OUT / 8, halves(N), room(2 * OUT), room(OUT), images, channels, pool);
      s.threads(
          "max_pool_backward_" + type,
          N / 8,
          halves(OUT),
          where,
          room(2 * N),
          images,
          channels,
          pool);
    }
  }

  private static void adaptive(Samples s) {
    s.of("2 images of 16 channels, 28 x 28 to 5 x 5", N);
    int cells = PLANES * 25;
    Argument[] shape = {i64(PLANES), i32(1), i32(SIDE), i32(SIDE), i32(5), i32(5)};
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

  private static void layouts(Samples s) {
    int channels = 20;
    int n = IMAGES * channels * PLANE;
    s.of("2 images of 20 channels, 28 x 28", n);
    Argument[] shape = {i64(IMAGES), i32(channels), i32(PLANE)};
    Size3 wide = new Size3((PLANE + 31) / 32, 1, IMAGES);
    Size3 high = new Size3(1, (PLANE + 31) / 32, IMAGES);
    s.threads("channels_last_16_v1", n, with(shape, halves(n), room(2 * n)));
    s.grid("channels_last_16", wide, ROWS_OF_8, with(shape, halves(n), room(2 * n)));
    s.grid("channels_last_32", wide, ROWS_OF_8, with(shape, normal(n), room(4 * n)));
    s.grid("row_major_16", high, ROWS_OF_8, with(shape, halves(n), room(2 * n)));
    s.grid("row_major_32", high, ROWS_OF_8, with(shape, normal(n), room(4 * n)));
    int few = IMAGES * 3 * PLANE;
    int pixels = IMAGES * PLANE;
    s.of("2 row-major images of 3 channels to 8, 28 x 28", few);
    Argument[] image = {i64(IMAGES), i32(3), i32(8), i32(PLANE), i32(1), i32(PLANE)};
    s.threads("few_channels_16", pixels, with(image, halves(few), room(16 * pixels)));
    s.threads("few_channels_32", pixels, with(image, normal(few), room(32 * pixels)));
    rows(s);
  }

  private static void rows(Samples s) {
    int pixels = IMAGES * PLANE;
    s.of("8 of 16 channels, 2 images of 28 x 28", 8L * pixels);
    for (int halves : new int[] {1, 2, 8}) { // a unit
      s.threads(
          "copy_rows_" + 16 * halves,
          8L * pixels / halves,
          halves(16 * pixels),
          i64(16 / halves),
          room(2L * 16 * pixels),
          i64(16 / halves),
          i64(8 / halves),
          i64(pixels));
    }
  }

  private static void globalAverages(Samples s) {
    int n = 8 * 128 * 49;
    int means = 8 * 128;
    s.of("8 images of 128 channels, 7 x 7", n);
    Argument[] shape = {i64(8), i32(128), i32(49)};
    s.threads("global_average_f16_v1", means, with(shape, halves(n), room(4 * means)));
    for (String type : List.of("f16", "bf16")) {
      s.grid(
          "global_average_" + type,
          Size3.of(2, 8),
          ROWS_OF_8,
          halves(n),
          room(4 * means),
          i32(128),
          i32(49));
      s.threads("global_average_backward_" + type, n / 2, with(shape, normal(means), room(2 * n)));
    }
  }

  private static void pixels(Samples s) {
    int side = 64;
    int bytes = 2 * side * side * 3;
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
    augmented(s);
  }

  private static void augmented(Samples s) {
    int side = 56;
    int plane = side * side;
    s.of("2 pictures of 56 x 56, all that can be drawn for the first", 2 * plane);
    // flip; hue, saturation, contrast, brightness; their strengths; what is erased
    Argument.Buffer drawn =
        records(
            1, 0x1234, 1.2f, 0.9f, 1.1f, 12, 8, 8, 20, 30, 0, 0x21, 0.8f, 1.1f, 1f, 0, 0, 0, 0, 0);
    Argument.Buffer pixels = noise(2 * plane * 3);
    Argument common = pictures(side);
    s.grid("augment_mean", Size3.of(2), Size3.of(256), pixels, drawn, room(8), common);
    Size3 grid = Size3.of((plane + 255) / 256, 2);
    for (String type : List.of("f32", "f16", "bf16")) {
      Argument y = room((type.equals("f32") ? 12L : 16L) * 2 * plane);
      s.grid("augment_" + type, grid, Size3.of(256), pixels, drawn, zeros(8), y, common);
    }
  }

  private static Argument pictures(int side) {
    List<Argument> fields = new ArrayList<>(List.of(i32(2), i32(side), i32(side), i32(3)));
    for (double v : new double[] {0.485, 0.456, 0.406, 0.229, 0.224, 0.225}) {
      fields.add(f32(v));
    }
    fields.addAll(List.of(i32(124), i32(116), i32(104), f32(0.7), f32(0.3)));
    fields.addAll(Collections.nCopies(4, i32(0)));
    return struct(fields.toArray(Argument[]::new));
  }
}
