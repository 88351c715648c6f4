package engine.inspect.kernel;

import engine.backend.kernels.CompiledFigures.Figures;
import engine.backend.kernels.KernelLaunch;
import engine.inspect.kernel.KernelDossier.Version;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** A kernel for people. Every block of figures says whether it is compiled or simulated. */
public final class KernelText {
  private final PrintWriter out;
  private final KernelDossier k;

  private KernelText(KernelDossier k, PrintWriter out) {
    this.k = k;
    this.out = out;
  }

  /** Prints everything but the trace. */
  public static void print(KernelDossier kernel, PrintWriter out) {
    KernelText text = new KernelText(kernel, out);
    out.println("%s, a kernel of cuda/%s.cu".formatted(kernel.kernel(), kernel.family()));
    out.println();
    kernel.story().lines().forEach(out::println);
    out.println();
    text.compiled();
    text.simulated();
    text.versions();
    out.println();
    KernelListing.print(kernel, out);
  }

  private void compiled() {
    out.println("compiled by %s, by architecture".formatted(k.compiler()));
    row("", k.compiled().keySet().stream().map(a -> "sm_" + a).toList());
    figures("registers a thread", Figures::registers);
    figures("shared bytes a block", Figures::sharedBytes);
    figures("spilled bytes a thread", Figures::spillBytes);
    row(
        "occupancy, %d threads a block".formatted(k.launch().block().count()),
        k.compiled().keySet().stream()
            .map(a -> "%.0f %%".formatted(100 * k.occupancy(a)))
            .toList());
    out.println();
  }

  private void figures(String name, ToLongFunction<Figures> figure) {
    row(
        name,
        k.compiled().values().stream().map(f -> Long.toString(figure.applyAsLong(f))).toList());
  }

  private void row(String name, List<String> cells) {
    String all = cells.stream().map("%8s"::formatted).collect(Collectors.joining());
    out.println("  %-32s%s".formatted(name, all));
  }

  private void simulated() {
    KernelLaunch launch = k.launch();
    out.println("simulated, %s: %s".formatted(launch, launch.what()));
    if (k.run().fault() != null) {
      out.println("  stopped with a fault:");
      k.run().fault().lines().forEach(l -> out.println("    " + l));
      return;
    }
    KernelCounters c = k.counters();
    line(
        "instructions",
        "%,d by warps%s; %.1f of 32 lanes active"
            .formatted(
                c.warpInstructions(),
                perElement(", %.1f by threads an element", c.threadInstructions()),
                c.activeLanes()));
    line("branches", "%,d, of which %,d parted a warp".formatted(c.branches(), c.diverged()));
    global("global loads", c.globalLoads());
    global("global stores", c.globalStores());
    global("atomics", c.atomics());
    line(
        "moved",
        "%,d bytes in whole sectors, before any cache%s"
            .formatted(c.bytesMoved(), perElement(", %.1f an element", c.bytesMoved())));
    shared(c.shared());
    line("barriers", "%,d passed by blocks".formatted(c.barriers()));
    line("mix", mix(c));
  }

  private String perElement(String format, long sum) {
    long n = k.launch().elements();
    return n == 0 ? "" : format.formatted((double) sum / n);
  }

  private void global(String name, Traffic t) {
    line(
        name,
        t.requests() == 0
            ? "none"
            : "%,d requests of %.1f sectors; %.0f %% of their bytes were asked for"
                .formatted(t.requests(), t.partsEach(), 100 * t.used()));
  }

  private void shared(Traffic t) {
    line(
        "shared memory",
        t.requests() == 0
            ? "not used"
            : "%,d requests, %,d wavefronts, %,d of them bank conflicts"
                .formatted(t.requests(), t.parts(), t.conflicts()));
  }

  private static String mix(KernelCounters c) {
    return c.mix().entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .map(e -> "%s %.0f %%".formatted(e.getKey().text(), share(e.getValue(), c)))
        .collect(Collectors.joining(", "));
  }

  private static double share(long n, KernelCounters c) {
    return 100.0 * n / c.warpInstructions();
  }

  private void line(String name, String text) {
    out.println("  %-16s%s".formatted(name, text));
  }

  private void versions() {
    if (k.versions().isEmpty()) {
      return;
    }
    out.println();
    out.println(
        "its versions: registers compiled for sm_%d, the rest simulated"
            .formatted(KernelDossier.SHOWN));
    out.println(
        "  %-28s%10s%14s%14s%12s%14s"
            .formatted("", "registers", "instructions", "sectors", "bytes", "lanes"));
    out.println(
        "  %-28s%10s%14s%14s%12s%14s"
            .formatted("", "", "an element", "a request", "an element", "active"));
    for (Version v : k.versions()) {
      double n = Math.max(1, v.launch().elements());
      KernelCounters c = v.counters();
      out.println(
          "  %-28s%10d%14.1f%14.1f%12.1f%14.1f"
              .formatted(
                  v.kernel(),
                  v.compiled().registers(),
                  c.threadInstructions() / n,
                  c.sectorsEach(),
                  c.bytesMoved() / n,
                  c.activeLanes()));
    }
  }
}
