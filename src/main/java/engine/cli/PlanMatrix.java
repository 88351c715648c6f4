package engine.cli;

import engine.backend.PlanChecker.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plans for several GPUs beside each other, as a Markdown table. */
final class PlanMatrix {
  private PlanMatrix() {}

  /**
   * A row for each kind of graph, a column for each GPU, and what takes over where there is no
   * plan.
   *
   * @param findings by the name of the GPU
   */
  static List<String> lines(Map<String, List<Finding>> findings) {
    Map<String, Map<String, List<Finding>>> rows = new TreeMap<>();
    findings.forEach(
        (gpu, each) ->
            each.forEach(
                f ->
                    rows.computeIfAbsent(f.form() + " " + f.graph(), k -> new LinkedHashMap<>())
                        .computeIfAbsent(gpu, k -> new ArrayList<>())
                        .add(f)));
    List<String> out = new ArrayList<>();
    out.add("| graph | " + String.join(" | ", findings.keySet()) + " | where there is no plan |");
    out.add("| --- |" + " --- |".repeat(findings.size() + 1));
    rows.forEach(
        (title, byGpu) ->
            out.add(
                "| "
                    + title
                    + " | "
                    + String.join(
                        " | ", findings.keySet().stream().map(gpu -> cell(byGpu.get(gpu))).toList())
                    + " | "
                    + instead(byGpu)
                    + " |"));
    return out;
  }

  private static String cell(List<Finding> each) {
    long planned = each.stream().filter(f -> f.planned() != null).count();
    return planned == each.size() ? Integer.toString(each.size()) : planned + " of " + each.size();
  }

  private static String instead(Map<String, List<Finding>> byGpu) {
    return byGpu.values().stream()
        .flatMap(List::stream)
        .filter(f -> f.planned() == null)
        .map(f -> f.instead() == null ? "nothing" : f.instead())
        .findFirst()
        .orElse("");
  }
}
