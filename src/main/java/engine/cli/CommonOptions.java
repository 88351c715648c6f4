package engine.cli;

import engine.backend.Backend;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.infer.LoadedModel;
import engine.recipe.Precision;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that every command has; a command takes them with {@code @Mixin}. */
final class CommonOptions {
  private static final Pattern DEVICE = Pattern.compile("cpu|sim|auto|cuda(:\\d{1,3})?");

  private static final List<String> DEVICES = List.of("cpu", "cuda", "sim", "auto");

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  private String device = "auto";
  private boolean autoGiven;
  private int threads;
  private final List<String> notes = new ArrayList<>();

  @Option(names = "--json", order = 91, description = "Print for machines: one JSON object a line.")
  boolean json;

  @Option(
      names = "--seed",
      order = 92,
      paramLabel = "N",
      defaultValue = "0",
      description = "Seed of everything random; the same seed gives the same run (default 0).")
  long seed;

  @Option(names = "--debug", order = 94, description = "Show the stack trace of an error.")
  boolean debug;

  @Option(
      names = "--device",
      order = 90,
      paramLabel = "DEVICE",
      description = "Where to compute: cpu, cuda[:N], sim or auto (default auto).")
  void setDevice(String value) {
    if (!DEVICE.matcher(value).matches()) {
      throw wrong(
          "--device must be cpu, cuda, cuda:N, sim or auto, not '%s'%s"
              .formatted(
                  value,
                  value.startsWith("gpu")
                      ? "; did you mean cuda?"
                      : Suggestion.hint(value, DEVICES)));
    }
    device = value;
    autoGiven = value.equals("auto");
  }

  @Option(
      names = "--threads",
      order = 93,
      paramLabel = "N",
      description = "Threads to compute with (default: all cores).")
  void setThreads(int value) {
    int cores = Runtime.getRuntime().availableProcessors();
    int most = Math.max(64, 4 * cores);
    if (value < 1) {
      throw wrong("--threads must be at least 1, not " + value);
    }
    if (value > most) {
      throw wrong(
          "--threads must be at most %d on this machine's %d cores, more would wait for each other; not %d"
              .formatted(most, cores, value));
    }
    threads = value;
  }

  @Option(
      names = "--pin-threads",
      order = 93,
      description =
          "Bind each computing thread to a core of its own (default: the system moves them).")
  boolean pinThreads;

  /**
   * The device as it was asked for: {@code cpu}, {@code cuda}, {@code cuda:N}, {@code sim}, {@code
   * auto}.
   */
  String device() {
    return device;
  }

  /** Whether somebody wrote {@code auto}, and so wants to hear what became of it. */
  boolean autoGiven() {
    return autoGiven;
  }

  /** Threads to compute with; 0 for one a core. */
  int threads() {
    return threads;
  }

  /** Keeps what the user should be told when the work begins. */
  void note(List<String> said) {
    notes.addAll(said);
  }

  /** What was kept, once. */
  List<String> takeNotes() {
    List<String> taken = List.copyOf(notes);
    notes.clear();
    return taken;
  }

  /** Where errors go. */
  PrintWriter err() {
    return command.commandLine().getErr();
  }

  /** Says on stderr what the user should know of how models run here. */
  void notices(List<LoadedModel> models) {
    models.forEach(m -> m.notice().ifPresent(n -> err().println("engine: " + n)));
  }

  /** Runs {@code check}; an option it finds wrong is wrong usage. */
  void check(Runnable check) {
    checked(
        () -> {
          check.run();
          return null;
        });
  }

  /** What {@code check} gives; an option it finds wrong is wrong usage. */
  <T> T checked(Supplier<T> check) {
    try {
      return check.get();
    } catch (UserError e) {
      throw wrong(e.getMessage());
    }
  }

  /** What {@code --precision} means on a device; what it does not mean is said. */
  Precision precision(String name, Backend backend) {
    return checked(() -> Precision.of(name, backend, m -> err().println("engine: " + m)));
  }

  /** A wrong use of an option: exit code 2. */
  ParameterException wrong(String message) {
    return new ParameterException(command.commandLine(), message);
  }
}
