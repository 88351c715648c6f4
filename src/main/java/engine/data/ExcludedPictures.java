package engine.data;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import engine.base.FileNames;
import engine.base.JsonText;
import engine.base.UserError;
import engine.console.Units;
import engine.weights.AtomicFiles;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Pictures that are left out, by their names: of the folder that the command runs in, of the list's
 * own, of the data's, or as the data calls them. A list is a name a line, a CSV or TSV file with a
 * column of files, or JSON lines with a {@code file} each, as commands write them.
 *
 * @param list the file, for people
 * @param names in its order, each once
 */
public record ExcludedPictures(Path list, List<String> names) {
  private static final int SHOWN = 3;
  private static final String URI = "file:";

  /** What a cell is kept from beginning with, by an apostrophe. */
  private static final String HARMFUL = "=+-@\t\r\n'\uff1d\uff0b\uff0d\uff20";

  /**
   * Reads a list.
   *
   * @throws UserError if it is not there, or is none
   */
  public static ExcludedPictures read(Path file) {
    if (!Files.exists(file)) {
      throw new UserError("there is no file " + file + ": check the name of the list to leave out");
    }
    if (Files.isDirectory(file)) {
      throw new UserError(file + " is a folder: a list of pictures to leave out is a file");
    }
    Set<String> names = new LinkedHashSet<>();
    String lower = file.toString().toLowerCase(Locale.ROOT);
    try {
      if (lower.endsWith(".jsonl") || lower.endsWith(".ndjson")) {
        readJson(file, names);
      } else if (lower.endsWith(".csv") || lower.endsWith(".tsv")) {
        readTable(file, names);
      } else {
        Files.readAllLines(file).stream()
            .map(l -> l.startsWith("\ufeff") ? l.substring(1) : l)
            .filter(l -> !l.isBlank())
            .forEach(names::add);
      }
    } catch (IOException e) {
      throw new UserError(
          file + " cannot be read as a list of pictures: write a name a line in UTF-8", e);
    }
    return new ExcludedPictures(file, List.copyOf(names));
  }

  private static void readTable(Path file, Set<String> to) {
    try (DelimitedText text = DelimitedText.open(file)) {
      List<String> first = text.next();
      if (first == null) {
        return;
      }
      int column = TableColumns.fileColumn(first);
      if (column < 0 && !TableColumns.looksLikeFile(first.getFirst())) {
        throw new UserError(
            "%s has no column of files: name one file or path in its first line, which has %s"
                .formatted(file, String.join(", ", first)));
      }
      int at = Math.max(0, column);
      for (List<String> row = column < 0 ? first : text.next(); row != null; row = text.next()) {
        String cell = at < row.size() ? row.get(at) : "";
        if (!cell.isBlank()) {
          to.add(ofCell(cell));
        }
      }
    }
  }

  /** A cell of a table that a spreadsheet takes for no formula: see {@code cli.CsvCells}. */
  private static String ofCell(String cell) {
    boolean kept =
        cell.length() > 1 && cell.charAt(0) == '\'' && HARMFUL.indexOf(cell.charAt(1)) >= 0;
    String name = kept ? cell.substring(1) : cell;
    return name.startsWith(URI) && !name.startsWith(URI + "//") ? unescaped(name) : name;
  }

  private static String unescaped(String uri) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      for (int i = URI.length(); i < uri.length(); i++) {
        boolean escape = uri.charAt(i) == '%';
        out.write(escape ? Integer.parseInt(uri, i + 1, i + 3, 16) : uri.charAt(i));
        i += escape ? 2 : 0;
      }
      return FileNames.path(FileNames.text(out.toByteArray())).toString();
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return uri; // a name that only looks like one
    }
  }

  private static void readJson(Path file, Set<String> to) throws IOException {
    int n = 0;
    for (String line : Files.readAllLines(file)) {
      n++;
      if (line.isBlank()) {
        continue;
      }
      try {
        JsonObject o = JsonText.object(line);
        JsonElement name = o.has("file") ? o.get("file") : o.get("path");
        to.add(FileNames.path(name.getAsString()).toString());
      } catch (JsonParseException
          | NullPointerException
          | IllegalStateException
          | UnsupportedOperationException
          | IllegalArgumentException e) {
        throw new UserError("line %,d of %s has no \"file\"".formatted(n, file), e);
      }
    }
  }

  /** Writes what {@link #read} reads, whatever folder it is read in. */
  public void write(Path file, String root) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      String found =
          places(name).stream().filter(ExcludedPictures::isThere).findFirst().orElse(name);
      text.append(below(found, root)).append('\n');
    }
    AtomicFiles.writeString(file, text.toString());
  }

  private static boolean isThere(String absolute) {
    return Files.exists(Path.of(absolute));
  }

  /** A picture's path below a folder; the path itself elsewhere. */
  private static String below(String name, String root) {
    String folder = root.endsWith(File.separator) ? root : root + File.separator;
    return name.startsWith(folder) ? name.substring(folder.length()) : name;
  }

  /** Where the file of a name may be: absolute paths. */
  private List<String> places(String name) {
    try {
      Path here = Path.of(name).toAbsolutePath().normalize();
      Path beside = list.toAbsolutePath().resolveSibling(name).normalize();
      return List.of(here.toString(), beside.toString());
    } catch (InvalidPathException e) {
      return List.of();
    }
  }

  /**
   * The two sides without these pictures.
   *
   * @param root folder of the data, absolute
   * @param say told how many were left out, and which names are none of the pictures
   * @throws UserError if nothing is left on a side
   */
  public Datasets.Split from(Datasets.Split all, String root, Consumer<String> say) {
    Matcher m = new Matcher(root);
    Dataset train = m.rest(all.train());
    Dataset val = m.rest(all.val());
    if (train.size() == 0 || val.size() == 0) {
      throw new UserError(
          "%s leaves no picture to %s: take names out of it"
              .formatted(list, train.size() == 0 ? "train on" : "validate on"));
    }
    int left = all.train().size() - train.size();
    int held = all.val().size() - val.size();
    m.tell(left + held, " (%,d to train on, %,d held out)".formatted(left, held), say);
    emptied(all.train(), train, say);
    return new Datasets.Split(
        train,
        val,
        left + held == 0
            ? all.description()
            : "%s, less %,d and %,d left out".formatted(all.description(), left, held),
        all.warnings());
  }

  /**
   * Pictures to judge on without these.
   *
   * @param root folder of the data, absolute
   */
  public Dataset from(Dataset all, String root, Consumer<String> say) {
    Matcher m = new Matcher(root);
    Dataset rest = m.rest(all);
    if (rest.size() == 0) {
      throw new UserError(list + " leaves no picture: take names out of it");
    }
    m.tell(all.size() - rest.size(), "", say);
    return rest;
  }

  /** Those that a run was made without, of which no more needs to be said than how many. */
  public Dataset fromQuietly(Dataset all, String root, Consumer<String> say) {
    Dataset rest = new Matcher(root).rest(all);
    if (rest.size() == all.size() || rest.size() == 0) {
      return all;
    }
    say.accept(
        "%s left out, as in the run".formatted(Units.count(all.size() - rest.size(), "picture")));
    return rest;
  }

  private static void emptied(Dataset before, Dataset after, Consumer<String> say) {
    int[] had = ClassBalance.of(before).counts();
    int[] has = ClassBalance.of(after).counts();
    for (int c = 0; c < has.length; c++) {
      if (had[c] > 0 && has[c] == 0) {
        say.accept(
            "warning: no picture of %s is left to train on".formatted(after.classNames().get(c)));
      }
    }
  }

  /** Finds pictures by whatever name the list has for them. */
  private final class Matcher {
    private final String root;
    private final Map<String, Integer> byName = new HashMap<>();
    private final Set<Integer> found = new HashSet<>();

    Matcher(String root) {
      this.root = root;
      for (int i = 0; i < names.size(); i++) {
        String name = names.get(i);
        byName.putIfAbsent(name, i);
        byName.putIfAbsent(name.startsWith("./") ? name.substring(2) : name, i);
        for (String place : places(name)) {
          byName.putIfAbsent(place, i);
        }
      }
    }

    Dataset rest(Dataset all) {
      int[] kept = IntStream.range(0, all.size()).filter(i -> !isNamed(all.name(i))).toArray();
      return kept.length == all.size() ? all : new Subset(all, kept);
    }

    private boolean isNamed(String picture) {
      String absolute = absolute(picture);
      for (String form : List.of(picture, absolute, below(absolute, root))) {
        Integer i = byName.get(form);
        if (i != null) {
          found.add(i);
          return true;
        }
      }
      return false;
    }

    private static String absolute(String picture) {
      try {
        return Path.of(picture).toAbsolutePath().normalize().toString();
      } catch (InvalidPathException e) {
        return picture;
      }
    }

    void tell(int left, String sides, Consumer<String> say) {
      say.accept(
          "%s left out, as %s says%s"
              .formatted(
                  left == 1 ? "1 picture is" : "%,d pictures are".formatted(left), list, sides));
      List<String> unknown = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        if (!found.contains(i)) {
          unknown.add(names.get(i));
        }
      }
      if (!unknown.isEmpty()) {
        say.accept(
            "warning: %,d of the %,d names in %s are none of the pictures: %s%s"
                .formatted(
                    unknown.size(),
                    names.size(),
                    list,
                    String.join(", ", unknown.subList(0, Math.min(SHOWN, unknown.size()))),
                    unknown.size() > SHOWN ? ", …" : ""));
      }
    }
  }
}
