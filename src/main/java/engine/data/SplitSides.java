package engine.data;

import engine.base.UserError;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The subfolders of a data folder that are the sides of a split, told by their names in any case
 * ({@code train}, {@code Training}, {@code train_set}; {@code val}, {@code valid}, {@code
 * Validation}, {@code dev}; {@code test}, {@code Testing}) and by what is in them. Names with a
 * further word count in pairs only: {@code seg_train} beside {@code seg_test}.
 *
 * <p>A side holds class folders. A folder {@code train} whose pictures lie directly in it, beside
 * other such folders ({@code bus}, {@code car}), is a class, and so is {@code test} there.
 *
 * @param train null where there are only sides to validate on
 * @param val null if there is none; never null without {@code train}
 * @param test left for eval; null if there is none, or if it serves as {@code val}
 * @param warnings on folders that might have been meant as a side
 */
record SplitSides(Path train, Path val, Path test, List<String> warnings) {
  /** Words that say nothing: {@code train_images} is {@code train}. */
  private static final Set<String> FILLERS =
      Set.of(
          "set",
          "sets",
          "data",
          "dataset",
          "images",
          "image",
          "imgs",
          "img",
          "pictures",
          "photos",
          "folder",
          "split");

  /**
   * A folder with a name of a side.
   *
   * @param rest the other words of its name
   */
  private record Named(Path folder, Side side, String rest) {
    static Named of(Path folder) {
      String name = folder.getFileName().toString();
      List<String> words = new ArrayList<>();
      for (String w :
          name.replaceAll("(\\p{Ll})(\\p{Lu})", "$1 $2")
              .toLowerCase(Locale.ROOT)
              .split("[^\\p{L}\\p{N}]+")) {
        words.add(
            w.replaceFirst("(?<=^(train|training|val|valid|validation|test))(set|data)$", ""));
      }
      for (Side side : Side.values()) {
        for (String w : words) {
          if (side.words.contains(w)) {
            String rest =
                words.stream()
                    .filter(o -> !o.equals(w) && !o.isEmpty() && !FILLERS.contains(o))
                    .collect(Collectors.joining(" "));
            return new Named(folder, side, rest);
          }
        }
      }
      return null;
    }

    String name() {
      return folder.getFileName().toString();
    }

    /** Where its name is among the plain ones of its side; after them all if it is none. */
    int rank() {
      int rank = side.words.indexOf(name());
      return rank < 0 ? side.words.size() : rank;
    }
  }

  /** Whether a folder of this name may be a side of a split. */
  static boolean isNamedSo(Path folder) {
    Named n = folder.getFileName() == null ? null : Named.of(folder);
    return n != null && n.rest.isEmpty();
  }

  /**
   * The sides in {@code root}; null if its subfolders are classes.
   *
   * @throws UserError if there are no subfolders, or two for one side
   */
  static SplitSides of(Path root) {
    ClassFolders found = ClassFolders.of(root);
    List<Path> folders = found.folders();
    List<Named> named = folders.stream().map(Named::of).filter(n -> n != null).toList();
    String rest =
        named.stream()
            .map(Named::rest)
            .distinct()
            .sorted(Comparator.comparing(String::length))
            .filter(r -> isSplit(folders, of(named, r)))
            .findFirst()
            .orElse(null);
    return rest == null ? null : choose(root, found, of(named, rest));
  }

  private static List<Named> of(List<Named> named, String rest) {
    return named.stream().filter(n -> n.rest.equals(rest)).toList();
  }

  private static boolean isSplit(List<Path> folders, List<Named> named) {
    List<Named> train = of(named, Side.TRAIN);
    boolean alone = train.size() == named.size();
    if (train.isEmpty()) {
      return named.size() == folders.size() && named.getFirst().rest.isEmpty();
    }
    if (!named.getFirst().rest.isEmpty()) {
      return !alone && named.stream().allMatch(n -> holdsFolders(n.folder));
    }
    if (train.stream().anyMatch(n -> holdsFolders(n.folder))) {
      return !alone || folders.size() == 1 || train.stream().anyMatch(n -> n.rank() == 0);
    }
    // Pictures directly in train: a class, unless there is none beside the sides.
    return folders.stream()
        .filter(f -> named.stream().noneMatch(n -> n.folder.equals(f)))
        .noneMatch(f -> has(f, entry -> !Files.isDirectory(entry)));
  }

  private static SplitSides choose(Path root, ClassFolders found, List<Named> named) {
    List<String> warnings = new ArrayList<>(found.warnings());
    if (!found.beside().isEmpty()) {
      warnings.add(found.beside().sentence(root.toString()));
    }
    List<Path> left = new ArrayList<>(found.folders());
    Path train = pick(root, of(named, Side.TRAIN), left);
    Path val = pick(root, of(named, Side.VAL), left);
    Path test = pick(root, of(named, Side.TEST), left);
    if (val == null && test != null) {
      if (train == null || holdsFolders(test)) {
        val = test;
      } else {
        warnings.add(
            "%s has no class folders, so nothing can be measured on it: it is left out"
                .formatted(test));
      }
      test = null;
    }
    if (!left.isEmpty()) {
      warnings.add(
          "beside %s, %s left out, being neither train nor val"
              .formatted(train, left.size() == 1 ? left.getFirst() + " is" : few(left) + " are"));
    }
    return new SplitSides(train, val, test, List.copyOf(warnings));
  }

  /** The folder of a side; null if there is none. A {@code test} that is validated on is both. */
  Path of(Side side) {
    return switch (side) {
      case TRAIN -> train;
      case VAL -> val;
      case TEST -> test == null && val != null && Named.of(val).side == Side.TEST ? val : test;
    };
  }

  private static List<Named> of(List<Named> named, Side side) {
    return named.stream().filter(n -> n.side == side).toList();
  }

  private static Named first(List<Named> of) {
    return of.stream().min(Comparator.comparing(Named::rank)).orElseThrow();
  }

  /** The folder of one side, or null; {@code left} loses it. */
  private static Path pick(Path root, List<Named> of, List<Path> left) {
    if (of.isEmpty()) {
      return null;
    }
    Named chosen = first(of);
    boolean plain = chosen.rank() < chosen.side.words.size();
    for (Named other : of) {
      if (other != chosen && !plain) {
        throw new UserError(
            "%s and %s of %s may both be the %s side: name the one that is '%s', and move the other out"
                .formatted(
                    chosen.name(),
                    other.name(),
                    root,
                    chosen.side.words.getFirst(),
                    chosen.side.words.getFirst()));
      }
    }
    left.remove(chosen.folder);
    return chosen.folder;
  }

  private static String few(List<Path> folders) {
    int shown = Math.min(5, folders.size());
    return folders.subList(0, shown).stream()
            .map(f -> f.getFileName().toString())
            .collect(Collectors.joining(", "))
        + (shown < folders.size() ? " and " + (folders.size() - shown) + " more" : "");
  }

  private static boolean holdsFolders(Path folder) {
    return has(folder, Files::isDirectory);
  }

  private static boolean has(Path folder, Predicate<Path> what) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (!Litter.is(entry) && what.test(entry)) {
          return true;
        }
      }
    } catch (IOException | DirectoryIteratorException _) {
      return false; // whoever reads it says why it cannot be read
    }
    return false;
  }
}
