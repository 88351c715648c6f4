package engine.cli;

import com.google.gson.JsonObject;
import engine.console.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code engine version}: what {@code engine --version} prints. */
@Command(
    name = "version",
    description = "Prints the version, and that of Java.",
    footer = {"", "Example:", "  engine version --json"})
final class VersionCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print for machines: one JSON object.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    if (json) {
      JsonObject o = new JsonObject();
      o.addProperty("version", Version.number());
      o.addProperty("format", Json.FORMAT);
      o.addProperty("java", Runtime.version().toString());
      o.addProperty("arch", System.getProperty("os.arch"));
      spec.commandLine().getOut().println(o);
    } else {
      spec.commandLine().getOut().println(new Version().getVersion()[0]);
    }
    return 0;
  }
}
