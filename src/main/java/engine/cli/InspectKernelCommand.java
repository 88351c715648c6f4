package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.kernels.Assembler;
import engine.backend.kernels.CudaTools;
import engine.backend.kernels.KernelSimulator;
import engine.backend.kernels.KernelSources;
import engine.backend.kernels.Multiprocessor;
import engine.inspect.kernel.KernelDossier;
import engine.inspect.kernel.KernelJson;
import engine.inspect.kernel.KernelSass;
import engine.inspect.kernel.KernelStory;
import engine.inspect.kernel.KernelText;
import engine.inspect.kernel.TraceText;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
      "  engine inspect kernel adamw --sass sm_90     its machine code beside the PTX",
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

  @Option(
      names = "--sass",
      paramLabel = "sm_XX",
      description =
          "Show the machine code for a GPU beside the PTX instead: sm_75, sm_80, sm_86, sm_89, sm_90, sm_100 or sm_120. It needs NVIDIA's ptxas and nvdisasm: pip install nvidia-cuda-nvcc nvidia-cuda-nvdisasm.")
  private String sass;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    int warp = warp();
    int architecture = architecture();
    if (name == null) {
      if (sass != null) {
        throw common.wrong("--sass needs the name of a kernel");
      }
      if (trace != null) {
        throw common.wrong("--trace needs the name of a kernel");
      }
      list();
      return 0;
    }
    Assembler assembler = sass == null ? null : new CudaTools().assembler();
    KernelDossier kernel = common.checked(() -> KernelDossier.of(name, warp));
    PrintWriter out = spec.commandLine().getOut();
    if (assembler != null) {
      KernelSass code = KernelSass.of(kernel, architecture, assembler);
      if (common.json) {
        JsonObject o = KernelJson.of(kernel);
        o.add("sass", code.json());
        out.println(o);
      } else {
        code.print(out);
      }
    } else if (common.json) {
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

  /** 90 for sm_90; 0 without the option. */
  private int architecture() {
    if (sass == null) {
      return 0;
    }
    if (trace != null) {
      throw common.wrong("--sass and --trace show two things: give one of them");
    }
    List<Integer> known = Multiprocessor.ALL.stream().map(Multiprocessor::architecture).toList();
    for (int a : known) {
      if (sass.equals("sm_" + a)) {
        return a;
      }
    }
    throw common.wrong(
        "--sass takes sm_%s, not '%s'"
            .formatted(
                known.stream().map(String::valueOf).collect(Collectors.joining(", sm_")), sass));
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
