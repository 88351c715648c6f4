package engine.cli;

import engine.backend.PlanChecker.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The plans for one GPU: a line for each kind of graph, and why one has no plan. */
final class PlanTable {
  private PlanTable() {}

  static List<String> lines(List<Finding> findings) {
    Map<String, List<Finding>> rows = new TreeMap<>();
    for (Finding f : findings) {
      String graph = f.planned() != null ? f.planned() : f.graph();
      rows.computeIfAbsent("%-5s %-41s".formatted(f.form(), graph), k -> new ArrayList<>()).add(f);
    }
    List<String> out = new ArrayList<>();
    out.add("%-5s %-41s   planned  engines    workspace".formatted("form", "graph"));
    rows.forEach((title, each) -> out.addAll(row(title, each)));
    return out;
  }

  private static List<String> row(String title, List<Finding> each) {
    long planned = each.stream().filter(f -> f.planned() != null).count();
    int engines = each.stream().mapToInt(Finding::engines).max().orElse(0);
    long workspace = each.stream().mapToLong(Finding::workspaceBytes).max().orElse(0);
    List<String> out = new ArrayList<>();
    out.add(
        "%s  %2d of %2d  %7d  %,7.1f MiB"
            .formatted(title, planned, each.size(), engines, workspace / 1048576.0));
    each.stream()
        .filter(f -> f.planned() == null)
        .findFirst()
        .ifPresent(f -> out.add("    " + f.layer() + ": " + f.refusal()));
    each.stream()
        .filter(f -> f.planned() == null && f.instead() != null)
        .findFirst()
        .ifPresent(f -> out.add("    instead: " + f.instead()));
    return out;
  }
}
