package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.KernelSources;
import engine.inspect.kernel.KernelDossier;
import engine.inspect.kernel.KernelJson;
import engine.inspect.kernel.KernelStory;
import engine.inspect.kernel.KernelText;
import engine.inspect.kernel.TraceText;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine inspect kernel}: a CUDA kernel, its PTX, and what happens when it runs. */
@Command(
    name = "kernel",
    mixinStandardHelpOptions = true,
    description =
        "Shows a CUDA kernel: source, PTX, what was compiled, what the software GPU counts.",
    footer = {
      "",
      "Examples:",
      "  engine inspect kernel                        every kernel, a line each",
      "  engine inspect kernel adamw                  one kernel",
      "  engine inspect kernel adamw --trace warp:3   the steps of its fourth warp",
      "  engine inspect kernel planted_race           a bug, caught",
      "",
      "\"compiled\" figures come from NVIDIA's compiler, \"simulated\" ones from a run on the software",
      "GPU; no GPU is needed, and nothing here is a measurement of one."
    })
final class InspectKernelCommand implements Callable<Integer> {
  private static final Pattern TRACE = Pattern.compile("warp(?::(\\d{1,6}))?");

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "A kernel of cuda/*.cu; without one they are listed.")
  private String name;

  @Option(
      names = "--trace",
      paramLabel = "warp[:N]",
      description = "Print the steps of one warp instead, the first or the one with this number.")
  private String trace;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int warp = warp();
    if (name == null) {
      if (trace != null) {
        throw common.wrong("--trace needs the name of a kernel");
      }
      list();
      return 0;
    }
    KernelDossier kernel = KernelDossier.of(name, warp);
    PrintWriter out = spec.commandLine().getOut();
    if (common.json) {
      out.println(KernelJson.of(kernel));
    } else if (trace != null) {
      TraceText.print(kernel, warp, out);
    } else {
      KernelText.print(kernel, out);
    }
    return 0;
  }

  private int warp() {
    if (trace == null) {
      return KernelSimulator.NO_TRACE;
    }
    Matcher m = TRACE.matcher(trace);
    if (!m.matches()) {
      throw common.wrong("--trace takes warp or warp:N, not '" + trace + "'");
    }
    return m.group(1) == null ? 0 : Integer.parseInt(m.group(1));
  }

  private void list() {
    PrintWriter out = spec.commandLine().getOut();
    for (Map.Entry<String, String> e : KernelDossier.names().entrySet()) {
      String file = "cuda/" + e.getValue() + ".cu";
      String idea = KernelStory.of(KernelSources.source(e.getValue())).idea(e.getKey());
      if (common.json) {
        JsonObject o = new JsonObject();
        o.addProperty("kernel", e.getKey());
        o.addProperty("source", file);
        o.addProperty("idea", idea);
        out.println(o);
      } else {
        out.println("%-30s %-22s %s".formatted(e.getKey(), file, idea));
      }
    }
  }
}
