package engine.inspect.kernel;

import engine.backend.kernels.CompiledFigures;
import engine.backend.kernels.CompiledFigures.Figures;
import engine.backend.kernels.KernelLaunch;
import engine.backend.kernels.KernelRun;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.KernelSources;
import engine.backend.kernels.Multiprocessor;
import engine.base.Suggestion;
import engine.base.UserError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * All there is to say of one kernel.
 *
 * @param family its file in {@code cuda/}, without the ending
 * @param story the comment at the head of that file
 * @param compiler that made the figures in {@code compiled}
 * @param compiled by architecture
 * @param launch the launch it is shown with
 * @param run what the software GPU saw of that
 * @param versions this kernel and the numbered ones before it, in order; empty if there are none
 */
public record KernelDossier(
    String kernel,
    String family,
    KernelStory story,
    String compiler,
    Map<Integer, Figures> compiled,
    KernelLaunch launch,
    KernelRun run,
    List<Version> versions) {

  /** A numbered version of the kernel, beside the one in use. */
  public record Version(
      String kernel, Figures compiled, KernelLaunch launch, KernelCounters counters) {}

  /** The architecture whose registers stand for all where there is room for one only. */
  static final int SHOWN = 86;

  /** Every kernel with its family, in the order of the files. */
  public static Map<String, String> names() {
    Map<String, String> families = new LinkedHashMap<>();
    KernelSources.kernels().forEach((f, names) -> names.forEach(n -> families.put(n, f)));
    return families;
  }

  /**
   * Runs the kernel's sample launch, and those of its earlier versions.
   *
   * @param tracedWarp as {@link KernelSimulator#run} takes it
   * @throws UserError if there is no such kernel; it names the nearest one
   */
  public static KernelDossier of(String kernel, int tracedWarp) {
    Map<String, String> families = names();
    String family = families.get(kernel);
    if (family == null) {
      throw new UserError(
          "there is no kernel '%s', engine inspect kernel lists them%s"
              .formatted(kernel, Suggestion.hint(kernel, families.keySet())));
    }
    KernelLaunch launch = launch(kernel);
    long warps = launch.grid().count() * ((launch.block().count() + 31) / 32);
    if (tracedWarp >= warps) {
      throw new UserError(
          "there is no warp %d in %s: its warps are numbered 0 to %d"
              .formatted(tracedWarp, launch, warps - 1));
    }
    CompiledFigures figures = CompiledFigures.read();
    KernelRun run = simulator().run(KernelSources.ptx(family), launch, tracedWarp);
    return new KernelDossier(
        kernel,
        family,
        KernelStory.of(KernelSources.source(family)),
        figures.compiler(),
        figures.of(kernel),
        launch,
        run,
        versions(kernel, families, figures));
  }

  private static List<Version> versions(
      String kernel, Map<String, String> families, CompiledFigures figures) {
    List<String> line = new ArrayList<>();
    String base = kernel.replaceFirst("_v\\d+$", "");
    for (int v = 1; families.containsKey(base + "_v" + v); v++) {
      line.add(base + "_v" + v);
    }
    if (line.isEmpty() || !families.containsKey(base)) {
      return List.of();
    }
    line.add(base);
    return line.stream().map(k -> version(k, families.get(k), figures)).toList();
  }

  private static Version version(String kernel, String family, CompiledFigures figures) {
    KernelLaunch launch = launch(kernel);
    KernelRun run = simulator().run(KernelSources.ptx(family), launch, KernelSimulator.NO_TRACE);
    return new Version(kernel, figures.of(kernel).get(SHOWN), launch, KernelCounters.of(run));
  }

  private static KernelLaunch launch(String kernel) {
    KernelLaunch launch = SampleLaunches.of(kernel);
    if (launch == null) {
      throw new UserError(
          kernel + " has no sample launch yet: add one to engine.inspect.kernel.SampleLaunches");
    }
    return launch;
  }

  static KernelSimulator simulator() {
    return ServiceLoader.load(KernelSimulator.class)
        .findFirst()
        .orElseThrow(() -> new UserError("this build has no software GPU: build it again"));
  }

  KernelCounters counters() {
    return KernelCounters.of(run);
  }

  /** The share of a multiprocessor's warps that blocks of the sample's size can fill, 0 to 1. */
  double occupancy(int architecture) {
    Figures f = compiled.get(architecture);
    int threads = Math.toIntExact(launch.block().count());
    return Multiprocessor.of(architecture).occupancy(threads, f.registers(), f.sharedBytes());
  }
}
