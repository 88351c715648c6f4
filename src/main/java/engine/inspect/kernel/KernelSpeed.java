package engine.inspect.kernel;

import static engine.inspect.kernel.SampleValues.f32;
import static engine.inspect.kernel.SampleValues.floats;
import static engine.inspect.kernel.SampleValues.i32;
import static engine.inspect.kernel.SampleValues.i64;
import static engine.inspect.kernel.SampleValues.indices;
import static engine.inspect.kernel.SampleValues.longsInMemory;
import static engine.inspect.kernel.SampleValues.none;
import static engine.inspect.kernel.SampleValues.normal;
import static engine.inspect.kernel.SampleValues.room;
import static engine.inspect.kernel.SampleValues.struct;
import static engine.inspect.kernel.SampleValues.tensorList;

import com.google.gson.JsonObject;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.KernelSources;
import engine.backend.kernels.Size3;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How fast the software GPU runs this machine's share of kernels: measured, on the CPU. */
public final class KernelSpeed {
  private static final List<String> RACES = List.of("off", "shared", "all");
  private static final int N = 1 << 20;
  private static final int ROWS = 1024;
  private static final Size3 GRID = Size3.of(128);
  private static final Size3 BLOCK = Size3.of(256);

  private KernelSpeed() {}

  /**
   * One measurement.
   *
   * @param work a kernel and where races were looked for, or a driver call
   * @param values by unit
   */
  public record Figure(String work, Map<String, Double> values) {
    public JsonObject json() {
      JsonObject o = new JsonObject();
      o.addProperty("work", work);
      values.forEach(o::addProperty);
      return o;
    }

    @Override
    public String toString() {
      StringBuilder out = new StringBuilder("%-28s".formatted(work));
      values.forEach((unit, v) -> out.append("%,8.0f %s".formatted(v, unit.replace('_', ' '))));
      return out.toString();
    }
  }

  /**
   * Runs kernels of a million elements.
   *
   * @param threads that it may use
   * @param seconds for all of them together
   */
  public static Stream<Figure> run(int threads, double seconds) {
    KernelSimulator simulator = KernelDossier.simulator();
    Map<String, String> families = KernelDossier.names();
    Map<String, KernelLaunch> launches = launches();
    double each = seconds / (launches.size() * RACES.size());
    Stream<Figure> kernels =
        launches.values().stream()
            .flatMap(
                l ->
                    RACES.stream()
                        .map(
                            races -> {
                              String ptx = KernelSources.ptx(families.get(l.kernel()));
                              return figure(
                                  "%s, races %s".formatted(l.kernel(), races),
                                  simulator.speed(ptx, l, races, threads, each));
                            }));
    return Stream.concat(
        kernels,
        Stream.of("a driver call").map(w -> new Figure(w, Map.of("ns", simulator.callNanos()))));
  }

  private static Figure figure(String work, KernelSimulator.Speed speed) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("M_thread_instructions_a_second", speed.aSecond() / 1e6);
    values.put("M_a_CPU_second", speed.aCpuSecond() / 1e6);
    return new Figure(work, values);
  }

  private static Map<String, KernelLaunch> launches() {
    Samples s = new Samples().of("a million elements", N);
    s.grid("gelu_forward", GRID, BLOCK, normal(N), room(4L * N), i64(N));
    s.grid(
        "dropout_mask",
        GRID,
        BLOCK,
        room(4L * N),
        i64(N),
        f32(0.3),
        f32(1 / 0.7),
        longsInMemory(1, 7),
        i32(3));
    s.grid(
        "adamw",
        Size3.of(SampleValues.chunks(N)),
        BLOCK,
        tensorList(
            new int[] {N},
            SampleValues::normal,
            SampleValues::normal,
            SampleValues::normal,
            SampleValues::uniform,
            n -> none(),
            n -> room(2L * n)),
        floats(3e-4, 0.01),
        floats(1, 0, 1),
        floats(3e-3, 31.6),
        struct(f32(0.1), f32(0.999), f32(0.001), f32(1e-8), i32(1), i32(0)));
    s.grid(
        "cross_entropy",
        GRID,
        BLOCK,
        normal(N),
        indices(ROWS, N / ROWS),
        none(),
        floats(ROWS, N / ROWS),
        f32(0.1),
        i32(-100),
        i32(1),
        room(4L * N),
        room(4L * ROWS),
        i32(ROWS),
        i32(N / ROWS));
    return s.all();
  }
}
