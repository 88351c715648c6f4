package engine.cli;

import com.google.gson.Gson;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.PlanChecker;
import engine.backend.PlanChecker.Finding;
import engine.backend.PlanChecker.Layer;
import engine.base.UserError;
import engine.bench.NetworkConvolutions;
import engine.model.Attention;
import engine.model.Network;
import engine.model.ResNetConfig;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import picocli.CommandLine.Model.CommandSpec;

/** {@code engine doctor --plan GPU}: cuDNN's plans for ResNet-50 at 224 x 224. */
final class PlanTable {
  private static final int BATCH = 64;
  private static final int SIDE = 224;

  private PlanTable() {}

  /**
   * Prints a line for each kind of graph, or with {@code --json} one for each graph.
   *
   * @return 1 if a convolution or a gradient has no plan, fused with nothing; else 0
   */
  static int print(String gpu, CommonOptions common, CommandSpec spec) {
    PlanChecker checker =
        ServiceLoader.load(PlanChecker.class)
            .findFirst()
            .orElseThrow(() -> new UserError("this build plans for no GPU"));
    if (!checker.gpus().contains(gpu)) {
      throw new UserError(
          "--plan must be one of " + String.join(", ", checker.gpus()) + ", not '" + gpu + "'");
    }
    String library = checker.library();
    List<Finding> findings = checker.check(gpu, layers(common.threads()));
    PrintWriter out = spec.commandLine().getOut();
    if (common.json) {
      Gson gson = new Gson();
      findings.forEach(f -> out.println(gson.toJson(f)));
    } else {
      out.println(
          "ResNet-50, batch %d, %d x %d, planned by %s for %s"
              .formatted(BATCH, SIDE, SIDE, library, gpu));
      table(findings).forEach(out::println);
    }
    // What a convolution is fused with, kernels of the engine can do.
    return findings.stream().anyMatch(f -> f.refusal() != null && !f.graph().contains(" + "))
        ? 1
        : 0;
  }

  private static List<Layer> layers(int threads) {
    try (Backend cpu = Devices.open("cpu", threads);
        Network model =
            new ResNetConfig(50, 64, 3, 1000, ResNetConfig.Stem.STANDARD, 0, false, Attention.NONE)
                .create(cpu, new SplittableRandom(0))) {
      return NetworkConvolutions.of(cpu, model, BATCH, SIDE).stream()
          .map(l -> new Layer(l.layer(), l.x(), l.w(), l.geometry()))
          .toList();
    }
  }

  private static List<String> table(List<Finding> findings) {
    Map<String, List<Finding>> rows = new LinkedHashMap<>();
    for (Finding f : findings) {
      rows.computeIfAbsent("%-19s %-26s".formatted(f.form(), f.graph()), k -> new ArrayList<>())
          .add(f);
    }
    List<String> out = new ArrayList<>();
    out.add("%-19s %-26s  planned  engines  workspace".formatted("form", "graph"));
    rows.keySet().stream().sorted().forEach(k -> out.addAll(row(k, rows.get(k))));
    return out;
  }

  private static List<String> row(String title, List<Finding> each) {
    long planned = each.stream().filter(f -> f.refusal() == null).count();
    int engines = each.stream().mapToInt(Finding::engines).max().orElse(0);
    long workspace = each.stream().mapToLong(Finding::workspaceBytes).max().orElse(0);
    List<String> out = new ArrayList<>();
    out.add(
        "%s  %3d of %2d  %6d  %,7.1f MiB"
            .formatted(title, planned, each.size(), engines, workspace / 1048576.0));
    each.stream()
        .filter(f -> f.refusal() != null)
        .findFirst()
        .ifPresent(
            f ->
                out.add(
                    "    "
                        + f.layer()
                        + ": "
                        + f.refusal()
                        + (f.graph().contains(" + ") ? "; own kernels follow the plain one" : "")));
    return out;
  }
}
