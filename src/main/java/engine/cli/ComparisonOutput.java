package engine.cli;

import engine.console.Table;
import engine.console.Terminal;
import engine.report.Comparison;
import java.util.List;

/** Shows on a terminal what {@code report.ComparisonReport} makes a page of. */
final class ComparisonOutput {
  private ComparisonOutput() {}

  static void print(Terminal t, Comparison c) {
    t.out().println(c.title() + " (" + c.subtitle() + ")");
    for (Comparison.Grid g : c.parts().grids()) {
      t.out().println();
      t.out().println(g.title() + (g.remark().isBlank() ? "" : ". " + g.remark()));
      Table table = new Table(g.columns().toArray(String[]::new));
      g.rows().forEach(row -> table.row(row.toArray()));
      table.print(t);
    }
    t.out().println();
    for (Comparison.Figure f : c.figures()) {
      t.out().println("%s %s (%s)".formatted(f.label(), f.value(), f.remark()));
    }
    c.notes().forEach(n -> t.out().println(n));
    commands(t, c.commands());
  }

  private static void commands(Terminal t, List<String> commands) {
    if (!commands.isEmpty()) {
      t.out().println();
      commands.forEach(line -> t.out().println("  " + line));
    }
  }
}
