package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.longs;
import static engine.inspect.kernel.SampleValues.longsInMemory;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;

import engine.backend.kernels.Argument;
import engine.backend.kernels.KernelLaunch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Of reduce.cu: a matrix of 256 rows and 128 columns. */
final class ReductionSamples {
  private static final int ROWS = 256;
  private static final int COLUMNS = 128;
  private static final int N = ROWS * COLUMNS;

  /** MAX_AXES of reduce.cu. */
  private static final int AXES = 4;

  private ReductionSamples() {}

  static Map<String, KernelLaunch> all() {
    Samples s = new Samples().of("256 x 128, summed along its rows", N);
    s.threads("sum_v1", ROWS, normal(N), room(4 * ROWS), f32(1), alongRows());
    s.warps("sum_rows", ROWS, normal(N), room(4 * ROWS), f32(1), alongRows());
    s.of("256 x 128, summed along its columns", N);
    s.threads("sum_columns", COLUMNS, normal(N), room(4 * COLUMNS), f32(1), alongColumns());
    s.of("256 x 128, along its rows", N);
    s.warps("max_rows", ROWS, normal(N), room(4 * ROWS), alongRows());
    s.threads("expand", N, normal(ROWS), room(4 * N), f32(1), alongRows());
    s.warps("max_backward", ROWS, normal(ROWS), normal(ROWS), normal(N), room(4 * N), alongRows());
    Argument[] shape = {i64(ROWS), i64(COLUMNS), i64(1)};
    s.threads(
        "argmax", ROWS, normal(N), room(4 * ROWS), room(8 * ROWS), shape[0], shape[1], shape[2]);
    s.threads(
        "argmax_backward",
        N,
        normal(ROWS),
        longsInMemory(new long[ROWS]),
        room(4 * N),
        shape[0],
        shape[1],
        shape[2]);
    return s.all();
  }

  private static Argument alongRows() {
    return reduction(ROWS, COLUMNS, COLUMNS, 1);
  }

  private static Argument alongColumns() {
    return reduction(COLUMNS, 1, ROWS, COLUMNS);
  }

  /** {@code struct Reduction} of one kept and one reduced axis. */
  private static Argument reduction(int kept, int keptStride, int reduced, int reducedStride) {
    List<Argument> fields = new ArrayList<>();
    fields.addAll(longs(AXES, kept));
    fields.addAll(longs(AXES, keptStride));
    fields.addAll(longs(AXES, reduced));
    fields.addAll(longs(AXES, reducedStride));
    fields.addAll(longs(2, kept, reduced));
    fields.add(i32(1));
    fields.add(i32(1));
    return new Argument.Struct(fields);
  }
}
