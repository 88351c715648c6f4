package engine.cli;

import engine.base.CacheFolders;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The entry of the program: finds the command, runs it, and ends with its exit code. */
@Command(
    name = "engine",
    description = "Trains, evaluates, exports and explains an image classifier, in one jar.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      FindLrCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      WeightsCommand.class,
      QuantizeCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      DoctorCommand.class,
      RehearseCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  engine doctor                        what this machine offers",
      "  engine verify DIR                    run a folder of reference cases",
      "  engine COMMAND --help                the options of a command, with an example",
      "",
      "Exit codes: 0 done, 1 the work failed, 2 wrong usage."
    })
final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    LocaleRestart.ifNeeded();
    CacheFolders.giveHome();
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // 0.5 is 0.5 everywhere
    System.setProperty("java.awt.headless", "true"); // pictures are drawn, windows never opened
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    int code = run(out, err, args);
    out.flush();
    err.flush();
    System.exit(code);
  }

  /** Runs one command line; returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandLine line = new CommandLine(new Main());
    line.setOut(out);
    line.setErr(err);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Errors::wrongUsage);
    line.setExecutionExceptionHandler((e, command, parsed) -> Errors.failed(e, err, args));
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
      command.getCommandSpec().usageMessage().sortOptions(false).width(100);
    }
    try {
      return line.execute(args);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      return Errors.failed(e, err, args);
    }
  }

  /** Without a command there is nothing to do: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
