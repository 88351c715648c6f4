package engine.cli;

import com.google.gson.JsonObject;
import engine.backend.Backend;
import engine.backend.Devices;
import engine.backend.PlanChecker;
import engine.backend.PlanChecker.Finding;
import engine.backend.PlanChecker.Layer;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.bench.NetworkConvolutions;
import engine.console.Json;
import engine.model.Network;
import engine.model.ResNetConfig;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import picocli.CommandLine.Model.CommandSpec;

/** {@code engine doctor --plan GPU}: cuDNN's plans for ResNet-50 at 224 x 224. */
final class PlanReport {
  private static final int BATCH = 64;
  private static final int SIDE = 224;
  private static final String ALL = "all";

  private PlanReport() {}

  /**
   * Prints a table for each GPU and, if there are several, one that compares them; with {@code
   * --json} a line for each graph.
   *
   * @param gpu a name, or {@value #ALL}
   * @return 1 if something has no plan that nothing else could do; else 0
   */
  static int print(String gpu, CommonOptions common, CommandSpec spec) {
    PlanChecker checker =
        ServiceLoader.load(PlanChecker.class)
            .findFirst()
            .orElseThrow(() -> new UserError("this build plans for no GPU"));
    if (!gpu.equals(ALL) && !checker.gpus().contains(gpu)) {
      throw common.wrong(
          "--plan must be one of %s or %s, not '%s'%s"
              .formatted(
                  String.join(", ", checker.gpus()),
                  ALL,
                  gpu,
                  Suggestion.hint(gpu, checker.gpus())));
    }
    String library = checker.library();
    PrintWriter out = spec.commandLine().getOut();
    if (!common.json) {
      out.println(
          "ResNet-50, batch %d, %d x %d, channels-last, planned by %s"
              .formatted(BATCH, SIDE, SIDE, library));
    }
    List<Layer> layers = layers(common.threads());
    int threads =
        common.threads() > 0 ? common.threads() : Runtime.getRuntime().availableProcessors();
    Map<String, List<Finding>> findings = new LinkedHashMap<>();
    for (String name : gpu.equals(ALL) ? checker.gpus() : List.of(gpu)) {
      long start = System.nanoTime();
      List<Finding> found = checker.check(name, layers, threads);
      findings.put(name, found);
      if (common.json) {
        found.forEach(f -> out.println(json(name, f)));
      } else {
        double seconds = (System.nanoTime() - start) / 1e9;
        out.printf("%n%s: %d graphs in %.0f s%n%n", name, found.size(), seconds);
        PlanTable.lines(found).forEach(out::println);
      }
      out.flush();
    }
    if (!common.json && findings.size() > 1) {
      out.println();
      PlanMatrix.lines(findings).forEach(out::println);
    }
    boolean lost =
        findings.values().stream()
            .flatMap(List::stream)
            .anyMatch(f -> f.planned() == null && f.instead() == null);
    return lost ? 1 : 0;
  }

  static JsonObject json(String gpu, Finding f) {
    JsonObject o = Json.tree(f).getAsJsonObject();
    o.addProperty("gpu", gpu);
    return o;
  }

  private static List<Layer> layers(int threads) {
    try (Backend cpu = Devices.open("cpu", threads);
        Network model =
            new ResNetConfig(50, 64, 3, 1000, ResNetConfig.Stem.STANDARD, 0, false)
                .create(cpu, new SplittableRandom(0))) {
      return NetworkConvolutions.withNorms(cpu, model, BATCH, SIDE).stream()
          .map(PlanReport::layer)
          .toList();
    }
  }

  private static Layer layer(NetworkConvolutions.Normed n) {
    NetworkConvolutions.Layer l = n.layer();
    return new Layer(l.layer(), l.x(), l.w(), l.geometry(), l.onImages(), n.residual(), n.relu());
  }
}
