package engine.cli;

import com.google.gson.JsonObject;
import engine.console.Json;
import engine.console.Table;
import engine.console.Terminal;
import engine.inspect.memory.MemoryInspection;
import engine.inspect.memory.MemoryProfile;
import engine.recipe.Recipe;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code engine inspect memory}: what lives when in a training step. */
@Command(
    name = "memory",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Shows what lives when in the device's memory while a training step runs.",
    footer = {
      "",
      "Examples:",
      "  engine inspect memory --batch 32",
      "  engine inspect memory --batch 32 --memory small"
    })
final class InspectMemoryCommand implements Callable<Integer> {
  private static final int COLUMNS = 72;
  private static final int ROWS = 8;
  private static final String EIGHTHS = " ▁▂▃▄▅▆▇█";

  @Mixin private StepOptions step;
  @Mixin private ExecutionOptions execution;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Recipe recipe = step.recipe(common);
    try (OpenDevice device = OpenDevice.of(common)) {
      common.precision(recipe.compute().precision(), device.backend());
      execution.prepare(device.backend());
      MemoryProfile p =
          MemoryInspection.of(device.backend(), recipe, step.info(recipe), execution.execution());
      if (common.json) {
        spec.commandLine().getOut().println(json(p));
      } else {
        print(p);
      }
    }
    return 0;
  }

  private static String json(MemoryProfile p) {
    JsonObject o = new JsonObject();
    o.addProperty("before_bytes", p.before());
    o.addProperty("peak_bytes", p.peak());
    o.addProperty("peak_at", p.peakOp());
    o.addProperty("committed_bytes", p.committed());
    o.addProperty("forward_ops", p.forwardOps());
    o.add("live_bytes", Json.tree(p.live()));
    o.add("at_peak", Json.tree(p.atPeak()));
    return Json.line(o);
  }

  private static void print(MemoryProfile p) {
    Terminal terminal = Terminal.stdout();
    PrintWriter out = terminal.out();
    out.printf(
        "Live bytes after each of %d ops forward and %d gradients back; the top is %,d MB.%n%n",
        p.forwardOps(), p.live().size() - p.forwardOps(), mega(p.peak()));
    chart(p, out);
    out.printf("%nMost at %s: %,d MB%n%n", p.peakOp(), mega(p.peak()));
    Table kinds = new Table("what", ">tensors", ">MB");
    kinds.row("weights, optimiser state, the batch", "", mega(p.before()));
    for (MemoryProfile.Kind k : p.atPeak()) {
      kinds.row(k.name(), k.tensors() == 0 ? "" : k.tensors(), mega(k.bytes()));
    }
    kinds.print(terminal);
    out.println();
    Table largest = new Table("the largest of them", "shape", "type", ">MB");
    for (MemoryProfile.Result r : p.largest()) {
      String shape =
          Arrays.stream(r.shape().dims()).mapToObj(Long::toString).collect(Collectors.joining("x"));
      largest.row(r.op(), shape, r.type(), mega(r.bytes()));
    }
    largest.print(terminal);
    out.printf(
        "%nTaken from the system so far, free blocks included: %,d MB. MB are 10^6 bytes.%n",
        mega(p.committed()));
    out.flush();
  }

  /** Columns of blocks; what comes after the bar is the backward. */
  private static void chart(MemoryProfile p, PrintWriter out) {
    List<Long> live = p.live();
    int columns = Math.min(COLUMNS, live.size());
    int turn = (int) ((long) p.forwardOps() * columns / live.size());
    for (int row = ROWS - 1; row >= 0; row--) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        if (c == turn) {
          line.append('|');
        }
        long most = 0;
        int from = (int) ((long) c * live.size() / columns);
        int to = (int) ((c + 1L) * live.size() / columns);
        for (int i = from; i < to; i++) {
          most = Math.max(most, live.get(i));
        }
        double height = (double) most / p.peak() * ROWS - row;
        line.append(EIGHTHS.charAt((int) Math.round(8 * Math.clamp(height, 0, 1))));
      }
      out.println(line.toString().stripTrailing());
    }
    out.printf("%-" + turn + "s|%s%n", "forward", "backward");
  }

  private static long mega(long bytes) {
    return Math.round(bytes / 1e6);
  }
}
