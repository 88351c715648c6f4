package engine.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code engine inspect}: the stack opened up, from a layer to the PTX of its kernel. */
@Command(
    name = "inspect",
    description = "Opens the stack up, for people who want to see how it works.",
    synopsisSubcommandLabel = "WHAT",
    subcommands = {
      InspectKernelCommand.class,
      InspectMemoryCommand.class,
      InspectRooflineCommand.class,
      InspectTapeCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  engine inspect kernel adamw",
      "  engine inspect memory --batch 32",
      "  engine inspect roofline --gpu h100",
      "  engine inspect tape --precision amp"
    })
final class InspectCommand implements Runnable {
  @Spec private CommandSpec spec;

  /** Without a subcommand there is nothing to do: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "say what to inspect: " + String.join(", ", spec.subcommands().keySet()));
  }
}
