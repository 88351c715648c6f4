package engine.cli;

import engine.base.FileNames;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/**
 * The words of the command line as they were typed. Java makes text of them in the locale's
 * character set, and what that does not have is lost: a file called {@code café.jpg} in Latin-1
 * cannot be named any more. Linux has the bytes.
 */
final class RawArguments {
  private RawArguments() {}

  /** The same words, with the bytes that {@code args} has lost as {@link FileNames} has them. */
  static String[] of(String[] args) {
    try {
      return isAscii(String.join("", args))
          ? args
          : restored(args, Files.readAllBytes(LocaleRestart.COMMAND_LINE));
    } catch (IOException e) {
      return args;
    }
  }

  /**
   * @param line every word with a NUL behind it; the arguments are the last ones
   */
  static String[] restored(String[] args, byte[] line) {
    List<String> words = LocaleRestart.split(line).stream().map(FileNames::text).toList();
    int before = words.size() - args.length;
    if (before < 0) {
      return args;
    }
    String[] out = words.subList(before, words.size()).toArray(String[]::new);
    for (int i = 0; i < out.length; i++) {
      if (isAscii(args[i]) && !args[i].equals(out[i])) {
        return args; // Java got its arguments from somewhere else
      }
    }
    return out;
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
