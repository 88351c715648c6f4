package engine.cli;

import engine.base.Suggestion;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A file that a command is to write for the user. Before the work begins its name is held to what
 * will be in it, its folders are made, and it is tried whether they can be written to: hours of
 * work end in no {@code report.pdf} that is HTML, and not in a folder that is read-only.
 */
enum OutputFile {
  HTML("an HTML page", "html", "htm"),
  ONNX("an ONNX model", "onnx"),
  JSON_LINES("a JSON object a line", "jsonl", "ndjson"),
  CSV("comma-separated values", "csv"),
  TSV("tab-separated values", "tsv", "tab");

  private final String what;
  private final List<String> extensions;

  OutputFile(String what, String... extensions) {
    this.what = what;
    this.extensions = List.of(extensions);
  }

  /**
   * Whether a name says that this is in the file.
   *
   * @return false also of a name without an extension
   */
  boolean isNamed(Path file) {
    return extensions.contains(extension(file));
  }

  /**
   * Makes the file's folders, if it can be written there and its name suits.
   *
   * @param option that names it, or what a positional argument is called
   * @throws picocli.CommandLine.ParameterException if its name is another kind's
   * @throws engine.weights.WeightsException if it could not be written
   */
  void require(CommonOptions common, String option, Path file) throws IOException {
    requireName(common, option, file);
    AtomicFiles.tryFolderOf(file);
  }

  /**
   * The same for a file of one of several kinds.
   *
   * @return the kind that its name says
   */
  static OutputFile requireOneOf(
      CommonOptions common, String option, Path file, OutputFile... kinds) throws IOException {
    List<OutputFile> all = List.of(kinds);
    OutputFile named = all.stream().filter(k -> k.isNamed(file)).findFirst().orElse(null);
    if (named == null) {
      kinds[0].requireFile(common, option, file);
      String given = extension(file);
      String right =
          Suggestion.to(given, all.stream().flatMap(k -> k.extensions.stream()).toList())
              .orElse(kinds[0].extensions.getFirst());
      throw common.wrong(
          "%s writes %s: name the file %s, not %s"
              .formatted(
                  option,
                  all.stream()
                      .map(k -> "%s (.%s)".formatted(k.what, k.extensions.getFirst()))
                      .collect(Collectors.joining(" or ")),
                  renamed(file, right),
                  file));
    }
    named.require(common, option, file);
    return named;
  }

  private static String renamed(Path file, String extension) {
    String given = extension(file);
    String whole = file.toString();
    return (given.isEmpty() ? whole + "." : whole.substring(0, whole.length() - given.length()))
        + extension;
  }

  private void requireFile(CommonOptions common, String option, Path file) {
    if (file.getFileName() == null || Files.isDirectory(file) || isFolderName(file)) {
      throw common.wrong(
          "%s %s is a folder: name a file in it, such as %s"
              .formatted(option, file, file.resolve("NAME." + extensions.getFirst())));
    }
  }

  /**
   * @throws picocli.CommandLine.ParameterException if the file's name is another kind's
   */
  void requireName(CommonOptions common, String option, Path file) {
    requireFile(common, option, file);
    if (!isNamed(file)) {
      String right = Suggestion.to(extension(file), extensions).orElse(extensions.getFirst());
      throw common.wrong(
          "%s writes %s: name the file %s, not %s"
              .formatted(option, what, renamed(file, right), file));
    }
  }

  private static boolean isFolderName(Path file) {
    return List.of(".", "..").contains(String.valueOf(file.getFileName()));
  }

  /** In small letters, without the dot; empty if there is none. */
  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
  }
}
