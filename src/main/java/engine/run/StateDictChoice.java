package engine.run;

import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.weights.WeightsFile;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which of several sets of weights in a file is taken. Training programs save the weights and their
 * moving average side by side ({@code model} and {@code model_ema}, {@code state_dict} and {@code
 * state_dict_ema}). Unless the user chooses, the average is taken: it is what those programs judge,
 * and what a checkpoint of this one answers with.
 */
public final class StateDictChoice {
  /** Where checkpoints of the usual programs keep the weights, best first. */
  private static final List<String> USUAL =
      List.of("state_dict", "model_state_dict", "model", "net", "network", "weights");

  private static final Pattern AVERAGE = Pattern.compile("(?i)(.*[._])?ema([._].*)?");

  private final Path file;
  private final String said;
  private List<String> keys = List.of();

  /**
   * @param file for messages
   * @param said a key that the user chose, or null
   */
  public StateDictChoice(Path file, String said) {
    this.file = file;
    this.said = said;
  }

  static boolean isAverage(String key) {
    return AVERAGE.matcher(key).matches();
  }

  String said() {
    return said;
  }

  /** The dicts of a file, as {@link #of} was told them. */
  List<String> keys() {
    return keys;
  }

  /**
   * The one of a file's dicts with tensors that is taken; null for the outermost.
   *
   * @throws UserError if the user chose one that is not there
   */
  public String of(List<String> found) {
    keys = found;
    if (said != null && !found.isEmpty()) {
      if (!found.contains(said)) {
        throw new UserError(
            "%s has no weights under '%s', but under %s: choose one with %s%s"
                .formatted(
                    file,
                    said,
                    String.join(", ", found),
                    Setting.STATE_DICT,
                    Suggestion.hint(said, found)));
      }
      return said;
    }
    return found.stream()
        .filter(StateDictChoice::isAverage)
        .findFirst()
        .or(() -> USUAL.stream().filter(found::contains).findFirst())
        .orElse(null);
  }

  /**
   * The one of several networks of a file, by what stands before the names of its tensors.
   *
   * @param prefixes at least one
   * @throws UserError if the user chose one that is not there
   */
  String ofPrefixes(List<String> prefixes) {
    if (said != null && keys.isEmpty()) {
      return prefixes.stream()
          .filter(p -> p.equals(said + ".") || p.startsWith(said + "."))
          .findFirst()
          .orElseThrow(() -> noSuch(prefixes));
    }
    return prefixes.stream()
        .filter(StateDictChoice::isAverage)
        .findFirst()
        .orElse(prefixes.getFirst());
  }

  private UserError noSuch(List<String> prefixes) {
    List<String> names =
        prefixes.stream().filter(p -> !p.isEmpty()).map(StateDictChoice::bare).toList();
    return new UserError(
        names.isEmpty()
            ? "%s has one set of weights, and none under '%s': leave out %s"
                .formatted(file, said, Setting.STATE_DICT)
            : "%s has no weights under '%s', but under %s: choose one with %s%s"
                .formatted(
                    file,
                    said,
                    String.join(", ", names),
                    Setting.STATE_DICT,
                    Suggestion.hint(said, names)));
  }

  /** Without the dot at its end. */
  private static String bare(String prefix) {
    return prefix.substring(0, prefix.length() - 1);
  }

  /** The same where the file's dicts alone are looked at, of a run that starts from it. */
  public String among(WeightsFile.Contents contents) {
    return among(contents, List.of(), "", Setting.WEIGHTS + " " + file + "#");
  }

  /** To follow what a file holds: which of several sets of weights was taken; empty for one. */
  String among(WeightsFile.Contents contents, List<String> prefixes, String prefix) {
    return among(contents, prefixes, prefix, Setting.STATE_DICT + " ");
  }

  private String among(
      WeightsFile.Contents contents, List<String> prefixes, String prefix, String how) {
    List<String> others =
        keys.isEmpty()
            ? prefixes.stream()
                .filter(p -> !p.equals(prefix) && !p.isEmpty())
                .map(StateDictChoice::bare)
                .toList()
            : keys.stream().filter(k -> !k.equals(contents.key())).toList();
    String taken =
        keys.isEmpty()
            ? (prefix.isEmpty() ? "those without a prefix" : bare(prefix))
            : contents.key();
    return others.isEmpty() || taken == null
        ? ""
        : "; of its sets of weights %s is taken%s: choose another with %s%s"
            .formatted(
                ClassNames.shown(taken),
                isAverage(taken) && said == null ? ", the moving average" : "",
                how,
                others.stream().map(ClassNames::shown).collect(Collectors.joining(" or ")));
  }
}
