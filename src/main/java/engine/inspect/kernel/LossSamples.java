package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.floats;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.indices;
import static engine.inspect.kernel.SampleValues.none;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.uniform;
import static engine.inspect.kernel.SampleValues.zeros;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.Size3;
import java.util.Map;

/** Of cross_entropy.cu, softmax.cu and accuracy.cu. */
final class LossSamples {
  private static final int ROWS = 64;
  private static final int CLASSES = 100;
  private static final int N = ROWS * CLASSES;

  /** PyTorch's default: a target that is left out. */
  private static final Argument IGNORE = i32(-100);

  private LossSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("64 rows of 100 classes", N);
    Argument rows = i32(ROWS);
    Argument classes = i32(CLASSES);
    Argument targets = indices(ROWS, CLASSES);
    s.threads(
        "cross_entropy_v1",
        ROWS,
        normal(N),
        targets,
        f32(0.1),
        room(4 * N),
        room(4 * ROWS),
        rows,
        classes);
    s.warps(
        "cross_entropy",
        ROWS,
        normal(N),
        targets,
        none(),
        floats(ROWS, CLASSES),
        f32(0.1),
        IGNORE,
        i32(1),
        room(4 * N),
        room(4 * ROWS),
        rows,
        classes);
    s.warps(
        "cross_entropy_soft",
        ROWS,
        normal(N),
        uniform(N),
        f32(0),
        i32(0),
        f32(ROWS),
        room(4 * N),
        room(4 * ROWS),
        rows,
        classes);
    s.warps(
        "smoothing_kl",
        ROWS,
        normal(N),
        targets,
        f32(0.1),
        room(4 * N),
        room(4 * ROWS),
        rows,
        classes,
        zeros(4));
    s.threads(
        "scale_rows", N, normal(N), normal(ROWS), i32(1), room(4 * N), i64(ROWS), i64(CLASSES));
    softmax(s);
    s.warps(
        "count_correct", ROWS, normal(N), targets, IGNORE, i32(5), zeros(24), i64(ROWS), classes);
    s.of("64 rows", ROWS);
    s.grid(
        "cross_entropy_divisor",
        Size3.of(1),
        Size3.of(256),
        targets,
        none(),
        IGNORE,
        room(8),
        rows,
        classes,
        zeros(4));
    s.grid("loss_total", Size3.of(1), Size3.of(256), normal(ROWS), room(4), rows);
    return s.all();
  }

  private static void softmax(Samples s) {
    Argument[] shape = {i64(ROWS), i64(CLASSES), i64(1), i32(0)};
    s.threads("softmax_v1", ROWS, normal(N), room(4 * N), shape[0], shape[1], shape[2], shape[3]);
    s.warps("softmax", ROWS, normal(N), room(4 * N), shape[0], shape[1], shape[2], shape[3]);
    s.warps(
        "softmax_backward",
        ROWS,
        normal(N),
        uniform(N),
        room(4 * N),
        shape[0],
        shape[1],
        shape[2],
        shape[3]);
  }
}
