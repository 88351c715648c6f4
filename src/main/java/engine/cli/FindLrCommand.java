package engine.cli;

import engine.backend.Backend;
import engine.console.Json;
import engine.console.ProgressBar;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.report.Decoration;
import engine.report.LrPage;
import engine.run.ModelInfo;
import engine.run.RunSetup;
import engine.train.LrFinder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine find-lr}: which learning rate suits a recipe. */
@Command(
    name = "find-lr",
    description =
        "Tries growing learning rates on throw-away weights, draws the loss, and names a rate.",
    footer = {
      "",
      "Examples:",
      "  engine find-lr --data demo",
      "  engine find-lr --data photos --optimizer sgd --plot lr.html"
    })
final class FindLrCommand implements Callable<Integer> {
  @Mixin private RecipeOptions recipe;

  @Option(
      names = "--from",
      paramLabel = "X",
      defaultValue = "1e-6",
      description = "The first rate (default 1e-6).")
  private double from;

  @Option(
      names = "--to",
      paramLabel = "X",
      defaultValue = "1",
      description = "The last rate (default 1).")
  private double to;

  @Option(
      names = "--steps",
      paramLabel = "N",
      defaultValue = "100",
      description = "Steps from one to the other (default 100).")
  private int steps;

  @Option(
      names = "--plot",
      paramLabel = "FILE",
      defaultValue = "find-lr.html",
      description = "Where to draw the loss, as an HTML page (default find-lr.html).")
  private Path plot;

  @Mixin private CommonOptions common;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (!(from > 0 && to > from && to <= 1e3)) {
      throw common.wrong(
          "--from must be above 0 and --to above it, not %s and %s".formatted(from, to));
    }
    if (steps < 10 || steps > 100_000) {
      throw common.wrong("--steps must be between 10 and 100000, not " + steps);
    }
    OutputFile.HTML.require(common, "--plot", plot);
    Recipe r = recipe.toRecipe(common);
    Terminal terminal = common.json ? Terminal.stderr() : Terminal.stdout();
    common.takeNotes().forEach(terminal.out()::println);
    Datasets.Split data = RunSetup.open(r, terminal.out()::println);
    try (OpenDevice device = OpenDevice.of(common, r.compute().device(), r.compute().threads())) {
      LrFinder.Result result = find(terminal, device.backend(), r, data);
      String drawn = draw(r, result, new Decoration(terminal.out()::println));
      if (common.json) {
        spec.commandLine().getOut().println(Json.line(result));
      } else {
        terminal
            .out()
            .println(
                "the loss is least at a learning rate of %s, in the midst of its fall at %s: try --lr %s%s"
                    .formatted(
                        Units.learningRate(result.lowest()),
                        Units.learningRate(result.valley()),
                        Units.learningRate(result.valley()),
                        drawn));
      }
    }
    return 0;
  }

  private LrFinder.Result find(Terminal terminal, Backend backend, Recipe r, Datasets.Split data)
      throws IOException {
    ModelInfo info = RunSetup.info(r, data);
    try (ProgressBar bar = new ProgressBar(terminal, "learning rates", steps, "steps")) {
      return LrFinder.run(
          backend,
          r,
          data,
          info,
          RunSetup.workers(),
          new LrFinder.Sweep(from, to, steps),
          n -> bar.update(n, n));
    }
  }

  /** Returns what the user is told of the plot; the rates hold without it. */
  private String draw(Recipe r, LrFinder.Result result, Decoration decoration) {
    boolean drawn =
        decoration.attempt(
            "the plot " + plot,
            () ->
                LrPage.write(
                    plot,
                    "%s on %s, %s".formatted(r.model().name(), r.data().name(), r.optim().name()),
                    column(result, LrFinder.Point::lr),
                    column(result, LrFinder.Point::loss),
                    column(result, LrFinder.Point::smoothed),
                    result.valley()));
    return drawn ? "; plot: " + plot : "";
  }

  private static double[] column(LrFinder.Result r, ToDoubleFunction<LrFinder.Point> of) {
    return r.points().stream().mapToDouble(of).toArray();
  }
}
