package engine.cli;

import com.google.gson.JsonObject;
import engine.cli.doctor.Checkup;
import engine.cli.doctor.Finding;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine doctor}: what this machine offers, and why something is missing. */
@Command(
    name = "doctor",
    description = "Says what this machine offers, and why something is missing.",
    footer = {"", "Examples:", "  engine doctor --json", "  engine doctor --plan h100"})
final class DoctorCommand implements Callable<Integer> {
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Option(
      names = "--plan",
      paramLabel = "GPU",
      description =
          "Ask this machine's cuDNN whether ResNet-50 has a plan on a GPU that need not be here:"
              + " h100, a100, rtx3090, t4, b200 or all.")
  private String plan;

  /** What is missing is news and no failure: exit code 0. */
  @Override
  public Integer call() {
    if (plan != null) {
      return PlanReport.print(plan, common, spec);
    }
    List<Finding> findings = Checkup.run(common.threads());
    PrintWriter out = spec.commandLine().getOut();
    if (common.json) {
      findings.forEach(f -> out.println(json(f)));
      return 0;
    }
    int width = findings.stream().mapToInt(f -> f.topic().length()).max().orElse(0);
    for (Finding f : findings) {
      String mark =
          switch (f.state()) {
            case OK -> "ok";
            case SLOW -> "slow";
            case MISSING -> "-";
          };
      out.println(("%-" + width + "s  %-4s  %s").formatted(f.topic(), mark, f.value()));
      if (f.advice() != null) {
        out.println(" ".repeat(width + 8) + f.advice());
      }
    }
    return 0;
  }

  private static JsonObject json(Finding f) {
    JsonObject o = new JsonObject();
    o.addProperty("topic", f.topic());
    o.addProperty("state", f.state().name().toLowerCase(Locale.ROOT));
    o.addProperty("value", f.value());
    if (f.advice() != null) {
      o.addProperty("advice", f.advice());
    }
    return o;
  }
}
