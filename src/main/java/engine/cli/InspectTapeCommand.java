package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.autograd.Autocast;
import engine.autograd.Cast;
import engine.autograd.Operation.Identity;
import engine.autograd.Ops;
import engine.console.Json;
import engine.console.Table;
import engine.console.Terminal;
import engine.inspect.tape.TapeInspection;
import engine.inspect.tape.TapeStep;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine inspect tape}: one training step, op by op. */
@Command(
    name = "tape",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows one training step op by op: what it computes in, what it gives, where casts sit.",
      "A cast is a copy that changes a type; an op with one casts its fp32 weights for itself.",
      "MFLOP and MB are the forward's: two for a multiply-add; each operand and result once."
    },
    footer = {
      "",
      "Examples:",
      "  engine inspect tape --model resnet18 --image-size 64",
      "  engine inspect tape --policy           which op computes in which precision, and why"
    })
final class InspectTapeCommand implements Callable<Integer> {
  private static final int OPS_A_ROW = 5;

  @Option(names = "--policy", description = "Print the policy of mixed precision and end.")
  private boolean policy;

  @Mixin private StepOptions step;
  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (policy) {
      printPolicy();
      return 0;
    }
    Recipe recipe = step.recipe(common);
    ModelInfo info = step.info(recipe);
    try (OpenDevice device = OpenDevice.of(common)) {
      Precision p = common.precision(recipe.compute().precision(), device.backend());
      List<TapeStep> steps = TapeInspection.of(device.backend(), recipe, info);
      if (common.json) {
        printJson(steps);
      } else {
        print(steps, p);
      }
    }
    return 0;
  }

  private void printPolicy() {
    Table table = new Table("computes in", "ops", "why");
    for (Autocast rule : Autocast.values()) {
      List<String> ops =
          Ops.all().stream().filter(i -> i.autocast() == rule).map(Identity::name).toList();
      if (common.json) {
        JsonObject o = new JsonObject();
        o.addProperty("rule", rule.toString());
        o.add("ops", Json.tree(ops));
        o.addProperty("why", rule.why());
        spec.commandLine().getOut().println(o);
      }
      for (int i = 0; i < ops.size(); i += OPS_A_ROW) {
        String some = String.join(" ", ops.subList(i, Math.min(ops.size(), i + OPS_A_ROW)));
        table.row(i == 0 ? rule : "", some, i == 0 ? rule.why() : "");
      }
    }
    if (!common.json) {
      table.print(Terminal.stdout());
      Terminal.stdout().out().println();
      Terminal.stdout()
          .out()
          .println(
              "Parameters, their gradients, the optimiser, running statistics and averages of"
                  + " weights are fp32 throughout.");
    }
  }

  private static void print(List<TapeStep> steps, Precision precision) {
    Table t =
        new Table(
            "op", "computes in", "gives", "", ">MFLOP", ">MB", ">casts", "gradients", ">casts");
    for (TapeStep s : steps) {
      t.row(
          s.op() + (s.layer().isEmpty() ? "" : (s.parameters() ? " of " : " after ") + s.layer()),
          text(s.computes()),
          text(s.result()),
          by(s.shape()),
          "%.2f".formatted(s.flops() / 1e6),
          "%.2f".formatted(s.bytes() / 1e6),
          s.casts(),
          s.gradients().stream().map(InspectTapeCommand::text).collect(Collectors.joining(", ")),
          s.castsBack());
    }
    Terminal terminal = Terminal.stdout();
    t.print(terminal);
    long half = steps.stream().filter(s -> s.computes() != DType.F32).count();
    terminal
        .out()
        .printf(
            "%n%d of %d ops compute in half precision (--precision %s); casts: %d of tensors by the policy, %d of weights within forward ops, %d in backward ones.%n",
            half,
            steps.size(),
            precision,
            steps.stream().filter(s -> s.operation() instanceof Cast).count(),
            steps.stream()
                .filter(s -> !(s.operation() instanceof Cast))
                .mapToLong(TapeStep::casts)
                .sum(),
            steps.stream().mapToLong(TapeStep::castsBack).sum());
  }

  private void printJson(List<TapeStep> steps) {
    for (TapeStep s : steps) {
      JsonObject o = new JsonObject();
      o.addProperty("op", s.op());
      o.addProperty("layer", s.layer());
      o.addProperty("own_parameters", s.parameters());
      o.addProperty("computes", text(s.computes()));
      o.addProperty("type", text(s.result()));
      o.add("shape", array(s.shape()));
      o.addProperty("flops", s.flops());
      o.addProperty("bytes", s.bytes());
      o.addProperty("casts", s.casts());
      JsonArray gradients = new JsonArray();
      for (TapeStep.Gradient g : s.gradients()) {
        JsonObject one = new JsonObject();
        one.addProperty("of", g.of());
        one.addProperty("type", text(g.type()));
        one.add("shape", array(g.shape()));
        gradients.add(one);
      }
      o.add("gradients", gradients);
      o.addProperty("casts_backward", s.castsBack());
      spec.commandLine().getOut().println(o);
    }
  }

  private static String text(TapeStep.Gradient g) {
    String of = g.of() == null ? "input" : g.of().substring(g.of().lastIndexOf('.') + 1);
    return of + " " + text(g.type());
  }

  private static String text(DType type) {
    return switch (type) {
      case F32 -> "fp32";
      case F16 -> "fp16";
      case BF16 -> "bf16";
      default -> type.name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static String by(Shape s) {
    return s.rank() == 0
        ? "scalar"
        : Arrays.stream(s.dims()).mapToObj(Long::toString).collect(Collectors.joining("x"));
  }

  private static JsonArray array(Shape s) {
    JsonArray a = new JsonArray();
    Arrays.stream(s.dims()).forEach(a::add);
    return a;
  }
}
