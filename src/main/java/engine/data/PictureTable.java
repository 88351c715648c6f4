package engine.data;

import engine.base.Suggestion;
import engine.base.UserError;
import engine.console.Units;
import engine.data.image.ImageFormat;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A table of pictures: a CSV or TSV file with a row a picture, its file (below the table's folder,
 * or absolute), its class and perhaps its side of a split.
 *
 * @param rows each picture once, in the order of the file
 * @param split the column of sides, or null
 * @param warnings what was left out or decided, a sentence each
 */
record PictureTable(List<Row> rows, TableColumns.Split split, List<String> warnings) {
  static final String WANTED = "a table needs a row a picture with its file and its class";

  /**
   * A picture.
   *
   * @param side null if the table has none
   * @param line where it stands
   */
  record Row(Path file, String label, Side side, int line) {}

  /** Whether a path is one of a table, by what it ends in. */
  static boolean isNamedSo(String spec) {
    String lower = spec.toLowerCase(Locale.ROOT);
    return lower.endsWith(".csv") || lower.endsWith(".tsv");
  }

  /**
   * Reads a table.
   *
   * @throws UserError if it cannot be read or contradicts itself, or if no picture is left
   */
  static PictureTable read(Path table) {
    if (!Files.exists(table)) {
      throw new UserError(
          "there is no file %s: check the name%s"
              .formatted(table, Suggestion.beside(table, p -> isNamedSo(p.toString()))));
    }
    try (DelimitedText text = DelimitedText.open(table)) {
      return new Reading(table).run(text);
    }
  }

  /** Whether it has sides and all rows are on that of training. */
  boolean isOnlyTrain() {
    return split != null && rows.stream().allMatch(r -> r.side() == Side.TRAIN);
  }

  /** The classes of some rows, in their order. */
  static List<String> classes(List<Row> rows) {
    return rows.stream().map(Row::label).distinct().sorted(Names.ORDER).toList();
  }

  private static final class Reading {
    private final Path table;
    private final List<String> warnings = new ArrayList<>();

    /** By where their files are, however they are written. */
    private final Map<Path, Row> rows = new LinkedHashMap<>();

    /** Of names that differ only in their Unicode form, the first. */
    private final Map<String, String> labels = new HashMap<>();

    private final Left noFile = new Left();
    private final Left noLabel = new Left();
    private final Left noSide = new Left();
    private final Left twice = new Left();
    private TableColumns columns;
    private TableColumns.Split split;

    Reading(Path table) {
      this.table = table;
    }

    /** Rows that are left out for one reason. */
    private static final class Left {
      private int count;
      private int first;

      void add(int line) {
        first = count++ == 0 ? line : first;
      }

      void tell(String one, String many, List<String> to) {
        if (count > 0) {
          to.add(
              count == 1
                  ? "line %d of %s".formatted(first, one)
                  : "%,d rows of %s, the first in line %d".formatted(count, many, first));
        }
      }
    }

    PictureTable run(DelimitedText text) {
      List<String> first = text.next();
      if (first == null) {
        throw new UserError(table + " is empty: " + WANTED);
      }
      columns = TableColumns.of(first, table.toString());
      warnings.addAll(columns.notes());
      split = columns.split();
      List<List<String>> all = new ArrayList<>();
      List<Integer> lines = new ArrayList<>();
      for (List<String> row = columns.header() ? text.next() : first; row != null; ) {
        all.add(row);
        lines.add(text.line());
        row = text.next();
      }
      checkSplit(all, lines);
      for (int i = 0; i < all.size(); i++) {
        add(all.get(i), lines.get(i));
      }
      String of = table.toString();
      noFile.tell(of + " names no file", of + " name no file", warnings);
      noLabel.tell(
          of + " gives no class and is left out", of + " give no class and are left out", warnings);
      noSide.tell(
          of + " names no side and is left out", of + " name no side and are left out", warnings);
      twice.tell(
          of + " says again what an earlier one says, and counts once",
          of + " say again what earlier ones say, and count once",
          warnings);
      if (rows.isEmpty()) {
        throw new UserError(
            "%s has no row with both a file and a class%s: %s"
                .formatted(
                    table,
                    noLabel.count > 0
                        ? ", %,d %s no class"
                            .formatted(noLabel.count, noLabel.count == 1 ? "has" : "have")
                        : "",
                    WANTED));
      }
      sayWhatDiffersInCase();
      return new PictureTable(there(), split, List.copyOf(warnings));
    }

    /** A column called "set" without a single side in it is something else. */
    private void checkSplit(List<List<String>> all, List<Integer> lines) {
      if (split == null) {
        return;
      }
      int wrong = -1;
      boolean some = split.sure();
      for (int i = 0; i < all.size(); i++) {
        String cell = cell(all.get(i), split.column());
        if (!cell.isEmpty() && split.side(cell) == null) {
          wrong = wrong < 0 ? i : wrong;
        } else if (!cell.isEmpty()) {
          some = true;
        }
      }
      if (!some) {
        split = null;
      } else if (wrong >= 0) {
        throw new UserError(
            "'%s' in line %d of %s is no side of a split: the column %s must say %s"
                .formatted(
                    cell(all.get(wrong), split.column()),
                    lines.get(wrong),
                    table,
                    split.name(),
                    split.yesMeansVal() ? "True or False" : "train, val or test"));
      }
    }

    private static String cell(List<String> row, int column) {
      return column < row.size() ? row.get(column) : "";
    }

    private void add(List<String> row, int line) {
      if (row.size() > columns.width()
          && !row.subList(columns.width(), row.size()).stream().allMatch(String::isEmpty)) {
        throw new UserError(
            "line %d of %s has %d cells where the first line has %d: put quotes around a cell that holds the separator"
                .formatted(line, table, row.size(), columns.width()));
      }
      String name = cell(row, columns.file());
      String label = cell(row, columns.label());
      Side side = split == null ? null : split.side(cell(row, split.column()));
      if (name.isEmpty()) {
        noFile.add(line);
      } else if (label.isEmpty()) {
        noLabel.add(line);
      } else if (split != null && side == null) {
        noSide.add(line);
      } else {
        put(
            new Row(
                file(name, line),
                labels.computeIfAbsent(Names.form(label), _ -> label),
                side,
                line));
      }
    }

    private void put(Row row) {
      Row before = rows.putIfAbsent(row.file().toAbsolutePath(), row);
      if (before == null) {
        return;
      }
      if (!before.label().equals(row.label())) {
        throw new UserError(
            "%s gives %s two classes, '%s' in line %d and '%s' in line %d: a picture has one, so take one of the rows out"
                .formatted(
                    table, row.file(), before.label(), before.line(), row.label(), row.line()));
      }
      if (before.side() != row.side()) {
        throw new UserError(
            "%s has %s on two sides, %s in line %d and %s in line %d: take one of the rows out"
                .formatted(
                    table, row.file(), before.side(), before.line(), row.side(), row.line()));
      }
      twice.add(row.line());
    }

    /** Below the table's folder; with the separators of Windows where there is no such name. */
    private Path file(String name, int line) {
      try {
        Path folder = table.getParent();
        Path file = folder == null ? Path.of(name) : folder.resolve(name);
        if (name.indexOf('\\') >= 0 && !Files.exists(file)) {
          return file(name.replace('\\', '/'), line);
        }
        return file.normalize();
      } catch (InvalidPathException e) {
        throw new UserError(
            "'%s' in line %d of %s is no file name in this locale: set LC_ALL=C.UTF-8 and run again, or rename it"
                .formatted(Names.escaped(name), line, table),
            e);
      }
    }

    /** The rows whose files are pictures that can be read. */
    private List<Row> there() {
      Row[] all = rows.values().toArray(Row[]::new);
      boolean[] exists = new boolean[all.length];
      ImageFormat[] formats = new ImageFormat[all.length];
      Arrays.parallelSetAll(
          formats,
          i -> {
            exists[i] = Files.isRegularFile(all[i].file());
            return exists[i] ? ImageFormat.inFolder(all[i].file()) : null;
          });
      List<Row> out = new ArrayList<>();
      PassedOver others = new PassedOver();
      Row missing = null;
      int gone = 0;
      for (int i = 0; i < all.length; i++) {
        if (!exists[i]) {
          missing = gone++ == 0 ? all[i] : missing;
        } else if (formats[i] == null || !formats[i].isRead()) {
          others.add(all[i].file(), formats[i]);
        } else {
          out.add(all[i]);
        }
      }
      if (out.isEmpty()) {
        throw new UserError(
            missing != null
                ? "none of the %s that %s names is there; the first is %s (line %d): %s"
                    .formatted(
                        Units.count(all.length, "file"),
                        table,
                        missing.file(),
                        missing.line(),
                        where(missing))
                : "%s names no picture%s".formatted(table, others.instead(WANTED)));
      }
      if (gone > 0) {
        warnings.add(
            "%,d of the %s that %s names %s not there and left out; the first is %s (line %d)"
                .formatted(
                    gone,
                    Units.count(all.length, "file"),
                    table,
                    gone == 1 ? "is" : "are",
                    missing.file(),
                    missing.line()));
      }
      if (!others.isEmpty()) {
        warnings.add(others.sentence(table.toString()));
      }
      return out;
    }

    private static String where(Row missing) {
      return missing.file().toString().matches("(?s).*\\b(https?|s3|gs|ftp):/.*")
          ? "download the pictures, and write where they are"
          : "write paths as they are from the table's folder, or absolute ones";
    }

    private void sayWhatDiffersInCase() {
      Map<String, String> seen = new TreeMap<>();
      for (String label : labels.values()) {
        String other = seen.putIfAbsent(label.toLowerCase(Locale.ROOT), label);
        if (other != null) {
          warnings.add(
              "'%s' and '%s' in %s are two classes: write them alike if they are one"
                  .formatted(other, label, table));
        }
      }
    }
  }
}
