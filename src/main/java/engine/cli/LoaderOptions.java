package engine.cli;

import com.google.gson.JsonObject;
import engine.bench.LoaderBench;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.Datasets;
import engine.recipe.Recipe;
import engine.run.RunSetup;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.IntStream;
import picocli.CommandLine.Option;

/** What {@code engine bench data} loads, and how it does. */
final class LoaderOptions {
  private static final int MOST_WORKERS = 1024;

  @Option(
      names = "--data",
      paramLabel = "DATA",
      defaultValue = "demo",
      description = "Pictures to load with data, as train takes them (default demo).")
  String data;

  @Option(
      names = "--cache-images",
      paramLabel = "SIDE",
      defaultValue = "0",
      description =
          "With data: keep pictures decoded, as train does (default 0: decode each time).")
  int cacheImages;

  @Option(
      names = "--workers",
      paramLabel = "N,...",
      split = ",",
      description = "Numbers of workers to try with data (default: 1, 2, 4 … one a core).")
  private List<Integer> workers;

  void measure(CommonOptions common, Recipe recipe, double seconds, PrintWriter out) {
    List<Integer> counts = workers != null ? workers : upToOneACore();
    for (int n : counts) {
      if (n < 0 || n > MOST_WORKERS) {
        throw common.wrong("--workers must be between 0 and " + MOST_WORKERS + ", not " + n);
      }
    }
    Datasets.Split split = RunSetup.open(recipe, m -> common.err().println("engine: " + m));
    LoaderBench bench = new LoaderBench(recipe, split, RunSetup.info(recipe, split));
    if (!common.json) {
      out.printf(
          "%s; %dx%d pixels, %s%n%n",
          split.description(),
          recipe.augment().imageSize(),
          recipe.augment().imageSize(),
          cacheImages > 0 ? "kept decoded at " + cacheImages : "decoded each time");
      out.flush();
    }
    Table table = new Table(">workers", ">images/s", ">ms an image a worker");
    for (int n : counts) {
      LoaderBench.Row row = bench.measure(n, seconds);
      table.row(n, Units.rate(row.imagesPerSecond()), "%.2f".formatted(row.workerMilliseconds()));
      if (common.json) {
        out.println(json(row));
        out.flush();
      }
    }
    if (!common.json) {
      table.print(Terminal.stdout());
    }
  }

  private static List<Integer> upToOneACore() {
    int cores = RunSetup.workers();
    return IntStream.concat(IntStream.iterate(1, n -> n < cores, n -> 2 * n), IntStream.of(cores))
        .boxed()
        .toList();
  }

  private static JsonObject json(LoaderBench.Row row) {
    JsonObject o = new JsonObject();
    o.addProperty("work", "data");
    o.addProperty("workers", row.workers());
    o.addProperty("pictures", row.pictures());
    o.addProperty("seconds", row.seconds());
    o.addProperty("images_s", row.imagesPerSecond());
    return o;
  }
}
