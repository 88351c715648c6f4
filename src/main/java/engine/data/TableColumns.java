package engine.data;

import engine.base.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * Which columns of a table of pictures hold what.
 *
 * @param file number of the column that names files
 * @param label that of the classes
 * @param split that of the sides, or null
 * @param width how many columns there are
 * @param header whether the first row names the columns
 * @param notes what was decided, a sentence each
 */
record TableColumns(
    int file, int label, Split split, int width, boolean header, List<String> notes) {
  private static final List<String> FILES =
      List.of(
          "path",
          "filepath",
          "file",
          "filename",
          "image",
          "imagepath",
          "imagefile",
          "imagename",
          "img",
          "imgpath",
          "picture",
          "photo");
  private static final List<String> LABELS =
      List.of(
          "label",
          "class",
          "classname",
          "labelname",
          "target",
          "category",
          "labels",
          "classes",
          "species",
          "tag",
          "y",
          "truth");
  private static final List<String> SPLITS =
      List.of("split", "subset", "partition", "set", "phase", "isvalid", "isval");

  /**
   * The column of the sides.
   *
   * @param column its number
   * @param name as the file has it
   * @param yesMeansVal whether it says of each picture whether it is held out, as fastai's {@code
   *     is_valid}
   * @param sure whether its name says that it must hold sides
   */
  record Split(int column, String name, boolean yesMeansVal, boolean sure) {
    /**
     * The side that a cell names.
     *
     * @return null if it is none
     */
    Side side(String cell) {
      if (!yesMeansVal) {
        return Side.named(cell);
      }
      return switch (cell.toLowerCase(Locale.ROOT)) {
        case "true", "1", "1.0", "yes" -> Side.VAL;
        case "false", "0", "0.0", "no" -> Side.TRAIN;
        default -> null;
      };
    }
  }

  /**
   * @param first row of the table
   * @param where the file, for messages
   * @throws UserError if it has no column of files, or none of classes
   */
  static TableColumns of(List<String> first, String where) {
    List<String> words = words(first);
    int file = find(words, FILES);
    int label = find(words, LABELS);
    if (file >= 0 && label >= 0) {
      List<String> notes = new ArrayList<>();
      note(first, words, FILES, file, "may name the files", where, notes);
      note(first, words, LABELS, label, "may be the class", where, notes);
      return new TableColumns(file, label, split(first, words), first.size(), true, notes);
    }
    if (first.size() >= 2 && file < 0 && label < 0 && looksLikeFile(first.getFirst())) {
      Split split =
          first.size() > 2 && Side.named(first.get(2)) != null
              ? new Split(2, "the third one", false, true)
              : null;
      String note =
          "%s has no header: its first column is taken for the files and its second for the classes%s"
              .formatted(where, split == null ? "" : ", its third for the sides");
      return new TableColumns(0, 1, split, first.size(), false, List.of(note));
    }
    throw new UserError(
        "%s has no column of %s: name one %s in its first line, which has %s"
            .formatted(
                where,
                file < 0 ? "files" : "classes",
                file < 0 ? "file, path or image" : "label, class or target",
                String.join(", ", first)));
  }

  /** The column that names files, by its header; -1 if none does. */
  static int fileColumn(List<String> first) {
    return find(words(first), FILES);
  }

  private static List<String> words(List<String> first) {
    return first.stream()
        .map(c -> c.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", ""))
        .toList();
  }

  private static int find(List<String> words, List<String> names) {
    return names.stream().mapToInt(words::indexOf).filter(i -> i >= 0).findFirst().orElse(-1);
  }

  private static Split split(List<String> first, List<String> words) {
    int column = find(words, SPLITS);
    return column < 0
        ? null
        : new Split(
            column,
            first.get(column),
            words.get(column).startsWith("isval"),
            words.get(column).equals("split") || words.get(column).startsWith("isval"));
  }

  private static void note(
      List<String> first,
      List<String> words,
      List<String> names,
      int taken,
      String what,
      String where,
      List<String> to) {
    List<String> all =
        IntStream.range(0, words.size())
            .filter(i -> names.contains(words.get(i)))
            .mapToObj(first::get)
            .toList();
    if (all.size() > 1) {
      to.add(
          "%s has %d columns that %s, %s: %s is taken"
              .formatted(where, all.size(), what, String.join(", ", all), first.get(taken)));
    }
  }

  static boolean looksLikeFile(String cell) {
    return cell.matches("(?i).*\\.(jpe?g|jpe|jfif|png|bmp|gif|tiff?|webp|p[bgpn]m)");
  }
}
