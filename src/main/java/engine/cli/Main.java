package engine.cli;

import engine.base.CacheFolders;
import engine.base.FileNames;
import engine.console.Printer;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The entry of the program: finds the command, runs it, and ends with its exit code. */
@Command(
    name = "engine",
    description = "Trains, evaluates, exports and explains an image classifier, in one jar.",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      TrainCommand.class,
      DataCommand.class,
      FindLrCommand.class,
      EvalCommand.class,
      LabelsCommand.class,
      CompareCommand.class,
      SweepCommand.class,
      PredictCommand.class,
      WeightsCommand.class,
      QuantizeCommand.class,
      ExportCommand.class,
      BenchCommand.class,
      VerifyCommand.class,
      InspectCommand.class,
      DoctorCommand.class,
      HelpCommand.class,
      VersionCommand.class,
      CompletionCommand.class,
      ManCommand.class,
      RehearseCommand.class
    },
    footer = {
      "",
      "Examples:",
      "  engine doctor                        what this machine offers",
      "  engine verify DIR                    run a folder of reference cases",
      "  engine COMMAND --help                the options of a command, with an example",
      "",
      "Exit codes: 0 done, 1 the work failed, 2 wrong usage, 141 nobody reads what it prints."
    })
final class Main implements Runnable {
  @Spec private CommandSpec spec;

  private Main() {}

  public static void main(String[] args) {
    LocaleRestart.ifNeeded();
    CommandAge.isOfProcess();
    CacheFolders.giveHome();
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT); // 0.5 is 0.5 everywhere
    System.setProperty("java.awt.headless", "true"); // pictures are drawn, windows never opened
    System.exit(run(StandardOutput.ofProcess(), RawArguments.of(args)));
  }

  /** Runs one command line, all output of which goes to {@code stdout} or standard error. */
  static int run(StandardOutput stdout, String... args) {
    System.setOut(new PrintStream(stdout, false, System.out.charset()));
    PrintWriter err = new Printer(System.err, StandardCharsets.UTF_8);
    int code = run(new Printer(stdout, StandardCharsets.UTF_8), err, args);
    // Where nobody spoke of it, such as in the midst of a picture of a report.
    return stdout.failure() != null && code == 0
        ? Errors.failed(stdout.failure(), err, args)
        : code;
  }

  /**
   * An empty name, as of a variable that is not set, would be the folder that the command runs in.
   */
  private static Path path(String typed) {
    if (typed.isEmpty()) {
      throw new TypeConversionException(UsageSentence.EMPTY);
    }
    return FileNames.path(typed);
  }

  /** Runs one command line; returns the exit code. */
  static int run(PrintWriter out, PrintWriter err, String... args) {
    CommandAge.begin();
    CommandLine line = new CommandLine(new Main());
    line.setOut(printer(out));
    line.setErr(printer(err));
    line.registerConverter(Path.class, Main::path);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setParameterExceptionHandler(Errors::wrongUsage);
    line.setExecutionStrategy(
        parsed -> {
          try {
            return new CommandLine.RunLast().execute(parsed);
          } catch (LostOutputException e) { // in the midst of a help page
            return Errors.failed(e, line.getErr(), args);
          }
        });
    line.setExecutionExceptionHandler((e, command, parsed) -> Errors.failed(e, command, args));
    line.setOverwrittenOptionsAllowed(true); // the last one counts, as everywhere
    for (CommandLine command : line.getSubcommands().values()) {
      command.getCommandSpec().mixinStandardHelpOptions(true);
      command.getCommandSpec().usageMessage().sortOptions(false).width(100);
    }
    try {
      ConfiguredOptions.fill(line, args);
      return line.execute(args);
    } catch (ParameterException e) {
      return Errors.wrongUsage(e, args);
    } catch (OutOfMemoryError | StackOverflowError | LinkageError e) {
      return Errors.failed(e, line.getErr(), args);
    }
  }

  private static Printer printer(PrintWriter to) {
    return to instanceof Printer p ? p : new Printer(to);
  }

  /** Without a command there is nothing to do: wrong usage. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }
}
