package engine.inspect.kernel;

import engine.backend.kernels.InstructionCounts;
import java.io.PrintWriter;

/**
 * The kernel's PTX in its own order, under the source lines that it comes from, with the counts of
 * each instruction. The compiler moves instructions about, so a line may come up several times.
 */
final class KernelListing {
  private KernelListing() {}

  static void print(KernelDossier k, PrintWriter out) {
    out.println("source with its PTX; simulated: how often a warp issued it, lanes active on");
    out.println("average, sectors (shared memory: wavefronts) a request");
    SourceText source = new SourceText();
    String above = "";
    for (InstructionCounts i : k.run().instructions()) {
      String line = source.of(i);
      if (!line.equals(above)) {
        out.println();
        out.println(line);
        above = line;
      }
      out.println(row(i));
    }
  }

  private static String row(InstructionCounts i) {
    if (i.issued() == 0) {
      return "%25s  %s".formatted("", i.text());
    }
    String parts = i.requests() == 0 ? "" : "%.1f".formatted((double) i.parts() / i.requests());
    return "%,9d %8.1f %6s  %s"
        .formatted(i.issued(), (double) i.lanes() / i.issued(), parts, i.text());
  }
}
