package engine.cli;

import com.google.gson.JsonObject;
import engine.base.CacheFolders;
import engine.base.UserError;
import engine.console.Json;
import engine.console.ProgressBar;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.weights.Catalogue;
import engine.weights.WeightsFile;
import engine.weights.WeightsStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code engine weights}: pretrained weights by name, and what is in a file of them. */
@Command(
    name = "weights",
    description = "Lists and fetches pretrained weights; shows what is in a file of weights.",
    synopsisSubcommandLabel = "(list | fetch NAME | inspect FILE)",
    footer = {
      "",
      "Examples:",
      "  engine weights list",
      "  engine weights fetch resnet50",
      "  engine weights inspect model.pth",
      "",
      "Weights of your own get names in weights/catalogue.json of the cache folder (ENGINE_CACHE)."
    })
final class WeightsCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Without a subcommand there is nothing to do: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "say list, fetch NAME or inspect FILE");
  }

  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      description = "The weights that can be fetched by name, and which are here already.")
  int list(@Mixin CommonOptions common) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Table table = new Table("name", "model", ">top-1", ">size", "here", "file");
    for (Catalogue.Entry e : catalogue().weights()) {
      boolean here = store(null).local(e).isPresent();
      if (common.json) {
        JsonObject o = Json.tree(e).getAsJsonObject();
        o.addProperty("here", here);
        out.println(o);
      }
      table.row(
          e.name() + (e.isDefault() ? " *" : ""),
          e.model(),
          e.accuracy() == null ? "" : "%.2f %%".formatted(e.accuracy().top1()),
          "%.1f MiB".formatted(e.mebibytes()),
          here ? "yes" : "",
          e.file());
    }
    if (!common.json) {
      table.print(Terminal.stdout());
      out.println(
          "* also by the model's name alone; accuracies are the publishers' on ImageNet-1K");
    }
    return 0;
  }

  @Command(
      name = "fetch",
      mixinStandardHelpOptions = true,
      description = "Fetches weights unless they are here, checks them, and prints where they are.")
  int fetch(
      @Parameters(paramLabel = "NAME", description = "As engine weights list names them.")
          String name,
      @Option(
              names = "--mirror",
              paramLabel = "URL",
              description = "Fetch the file from this folder rather than from its publisher.")
          URI mirror,
      @Mixin CommonOptions common) {
    Path file = fetch(common.checked(() -> catalogue().find(name)), mirror);
    spec.commandLine().getOut().println(file);
    return 0;
  }

  /** The entry's file, fetched with a progress bar unless it is on this machine. */
  static Path fetch(Catalogue.Entry e, URI mirror) {
    try (ProgressBar bar =
        new ProgressBar(
            Terminal.stderr(), "fetching " + e.name(), (long) (e.mebibytes() * 1024), "KiB")) {
      return store(mirror).fetch(e, (done, _) -> bar.update(done >> 10, done >> 10));
    } catch (IOException x) {
      throw new UserError(
          "the weights %s could not be kept: %s".formatted(e.name(), Errors.sentence(x)), x);
    }
  }

  /** All weights that are known by name, those of the user's own catalogue first. */
  static Catalogue catalogue() {
    return Catalogue.known();
  }

  private static WeightsStore store(URI mirror) {
    return new WeightsStore(CacheFolders.own("weights"), mirror);
  }

  @Command(
      name = "inspect",
      mixinStandardHelpOptions = true,
      description = "Lists the tensors of a .safetensors or .pth file; runs nothing in it.")
  int inspect(
      @Parameters(paramLabel = "FILE", description = "The file.") Path file,
      @Mixin CommonOptions common)
      throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    WeightsFile.Contents c = WeightsFile.read(file);
    Table table = new Table("tensor", "type", "shape", ">bytes");
    long bytes = 0;
    for (Map.Entry<String, HostTensor> e : c.tensors().entrySet()) {
      HostTensor t = e.getValue();
      bytes += t.data().byteSize();
      if (common.json) {
        out.println(json(e.getKey(), t.dtype().name(), t.shape()));
      }
      row(table, e.getKey(), t.dtype().name(), t.shape(), t.data().byteSize());
    }
    for (var e : c.others().entrySet()) {
      bytes += e.getValue().bytes();
      if (common.json) {
        out.println(json(e.getKey(), e.getValue().type(), e.getValue().shape()));
      }
      row(table, e.getKey(), e.getValue().type(), e.getValue().shape(), e.getValue().bytes());
    }
    if (!common.json) {
      table.print(Terminal.stdout());
      out.printf(
          "%s: %s, %,d bytes%n",
          c.format(), Units.count(c.tensors().size() + c.others().size(), "tensor"), bytes);
      if (!c.others().isEmpty()) {
        out.printf("%d of them of types that are listed only%n", c.others().size());
      }
      NetworkIn.of(c).ifPresent(out::println);
      c.metadata().forEach((k, v) -> out.println(k + ": " + v));
      c.values().forEach((k, v) -> out.println(k + ": " + describe(v)));
    }
    return 0;
  }

  private static JsonObject json(String name, String type, Shape shape) {
    JsonObject o = new JsonObject();
    o.addProperty("tensor", name);
    o.addProperty("type", type);
    o.add("shape", Json.tree(shape.dims()));
    return o;
  }

  private static void row(Table table, String name, String type, Shape shape, long bytes) {
    table.row(name, type, Arrays.toString(shape.dims()), bytes);
  }

  /** Containers by their size: they may be deep, or hold themselves. */
  private static String describe(Object value) {
    return switch (value) {
      case null -> "None";
      case String s -> s;
      case Number n -> n.toString();
      case Boolean b -> b.toString();
      case Map<?, ?> m -> "a dict of " + m.size();
      case List<?> l -> "a list of " + l.size();
      default -> "an object";
    };
  }
}
