package engine.cli;

import engine.backend.UnsupportedOnDeviceException;
import engine.base.SettingError;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.ffi.UncheckedNativeException;
import engine.weights.WeightsException;
import java.io.EOFException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one sentence on stderr and an exit code. */
final class Errors {
  static final int FAILED = 1;
  static final int WRONG_USAGE = 2;

  private static final String NOT_A_NAME =
      "a name in the command line is no file name in this locale; set LC_ALL=C.UTF-8 and run again";

  private Errors() {}

  /** Wrong options: says what, the nearest right one, and where help is. */
  static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println("engine: " + sentence(e));
    err.println("Its options: " + name + " --help");
    trace(e, args, err);
    return WRONG_USAGE;
  }

  /** The work failed; or a wrong option was found only in it. */
  static int failed(Throwable e, CommandLine command, String[] args) {
    if (e instanceof SettingError) {
      return wrongUsage(new ParameterException(command, e.getMessage(), e), args);
    }
    return failed(e, command.getErr(), args);
  }

  /** The work failed. */
  static int failed(Throwable e, PrintWriter err, String[] args) {
    LostOutputException lost = LostOutputException.in(e);
    if (lost != null && lost.isClosedPipe()) {
      return StandardOutput.CLOSED_PIPE;
    }
    err.println("engine: " + sentence(e));
    trace(e, args, err);
    return FAILED;
  }

  private static void trace(Throwable e, String[] args, PrintWriter err) {
    if (Arrays.asList(args).contains("--debug")) {
      trace(e, err);
    }
    err.flush();
  }

  /** Where it came from. */
  static void trace(Throwable e, PrintWriter err) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace));
    err.print(trace.toString());
  }

  /** The same without Java's or picocli's words. */
  static String sentence(ParameterException e) {
    if (e instanceof UnmatchedArgumentException u && !u.getUnmatched().isEmpty()) {
      CommandLine command = u.getCommandLine();
      String unknown = u.getUnmatched().getFirst();
      if (unknown.isEmpty()) {
        return "a name " + UsageSentence.EMPTY;
      }
      if (unknown.startsWith("-")) {
        return isCommandsOwn(unknown, command)
            ? "%s stands behind the command: engine COMMAND %s".formatted(unknown, unknown)
            : "there is no option " + unknown + didYouMean(unknown, options(command));
      }
      if (!command.getSubcommands().isEmpty()) {
        Set<String> commands = command.getSubcommands().keySet();
        return "there is no command " + unknown + didYouMean(unknown, commands);
      }
      return "'" + unknown + "' is one argument too many" + asOption(unknown, command);
    }
    String message = String.valueOf(e.getMessage());
    return message.contains("InvalidPathException")
        ? NOT_A_NAME
        : oneLine(UsageSentence.of(message));
  }

  private static boolean isCommandsOwn(String option, CommandLine above) {
    return above.getParent() == null
        && above.getSubcommands().values().stream()
            .anyMatch(c -> options(c).contains(option.replaceFirst("=.*", "")));
  }

  /** What commands take by an option is often typed without one. */
  private static String asOption(String typed, CommandLine command) {
    for (String option : List.of("--checkpoint", "--data")) {
      if (options(command).contains(option)) {
        return ": did you mean %s %s?".formatted(option, typed);
      }
    }
    return "";
  }

  private static String didYouMean(String typed, Collection<String> words) {
    String name = typed.replaceFirst("=.*", "");
    return Suggestion.hint(name, words);
  }

  private static Set<String> options(CommandLine command) {
    return command.getCommandSpec().optionsMap().keySet();
  }

  static String sentence(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return oneLine(
        switch (e) {
          case UserError u -> message;
          case WeightsException w -> message;
          case UnsupportedOnDeviceException u -> message;
          case UncheckedNativeException u -> message;
          case LostOutputException l -> message;
          case UncheckedIOException u -> sentence(u.getCause());
          case NoSuchFileException n -> "there is no file " + n.getFile();
          case AccessDeniedException a -> "no permission to use " + a.getFile();
          case FileAlreadyExistsException f -> f.getFile() + " exists already and is in the way";
          case NotDirectoryException n -> n.getFile() + " is not a folder";
          case FileSystemException f when f.getReason() != null && !isDiskFull(f) ->
              f.getFile() + " cannot be used: " + f.getReason();
          case IOException i when isDiskFull(i) ->
              "the disk is full; free some space and run the command again";
          case IOException i when message.contains("File too large") ->
              "no file may be that large here (see ulimit -f); raise the limit and run the command again";
          case CharacterCodingException c ->
              "a file that should be text is not in UTF-8: save it so";
          case EOFException x -> "a file ends too early: copy or make it again";
          case IOException i when i.getMessage() != null -> "reading or writing failed: " + message;
          case InvalidPathException i -> NOT_A_NAME;
          case LinkageError l when nativeReason(l) != null -> nativeReason(l);
          case OutOfMemoryError o ->
              "Java has too little memory for this: give it more with ENGINE_JAVA_OPTS=-Xmx8g, or let it do less at a time (a smaller --batch or --image-size)";
          default ->
              "something went wrong inside the engine ("
                  + e.getClass().getSimpleName()
                  + ": "
                  + message
                  + "); run it again with --debug to see where";
        });
  }

  private static boolean isDiskFull(IOException e) {
    return String.valueOf(e.getMessage()).contains("No space left");
  }

  /**
   * What a class that binds a library said when it was first used, or null if it was something
   * else.
   */
  private static String nativeReason(Throwable e) {
    String said = null;
    for (Throwable t = e; t != null; t = t.getCause()) {
      said = t instanceof UncheckedNativeException ? t.getMessage() : said;
    }
    return said;
  }

  private static String oneLine(String message) {
    return message.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
