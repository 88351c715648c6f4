package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.base.FileNames;
import engine.base.UserError;
import engine.console.Json;
import engine.data.BadImages.BadImage;
import engine.data.Dataset;
import engine.eval.AnswerSink;
import engine.weights.AtomicFiles;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What {@code eval --out} writes: a row a picture with its file, its label, the answer, and the
 * probability of each class or of the most probable ones; of a picture that could not be read, why.
 *
 * @param kind by the file's extension
 * @param top how many of the most probable classes a row has; 0 for all in their order
 * @param voters how many models made the answers
 */
record JudgedFile(Path path, Kind kind, List<String> classes, int top, int voters) {
  /** With more classes, rows have the most probable ones, unless a number was asked for. */
  private static final int WIDE = 100;

  private static final int OF_MANY = 5;

  /** What every file of the kind begins with. */
  private static final String HEAD = "file%ctruth%cpredicted%cprobability%c";

  private static final int BUFFER = 1 << 16;
  private static final String JSON_HEAD = "{\"file\":\"";

  enum Kind {
    CSV(OutputFile.CSV, ','),
    TSV(OutputFile.TSV, '\t'),
    JSONL(OutputFile.JSON_LINES, ' ');

    final OutputFile named;
    final char separator;

    Kind(OutputFile named, char separator) {
      this.named = named;
      this.separator = separator;
    }

    /** By what a name ends in; null if by nothing known. */
    static Kind of(Path path) {
      for (Kind k : values()) {
        if (k.named.isNamed(path)) {
          return k;
        }
      }
      return null;
    }

    private String head() {
      return this == JSONL ? JSON_HEAD : HEAD.formatted(separator, separator, separator, separator);
    }
  }

  /**
   * @param top as it was asked for; null if nothing was
   */
  static JudgedFile of(Path path, List<String> classes, Integer top, int voters) {
    int all = classes.size();
    int shown = top != null ? Math.min(top, all) : all > WIDE ? OF_MANY : 0;
    return new JudgedFile(path, Kind.of(path), classes, shown, voters);
  }

  /**
   * Whether the file may be written over: it is not there, or is one of these.
   *
   * @throws UserError if it is something else, which would be lost
   */
  static void requireOwn(Path path) throws IOException {
    PredictionFile.requireOrdinary(path);
    if (!Files.exists(path) || Files.size(path) == 0) {
      return;
    }
    String head = Kind.of(path).head();
    char[] first = new char[head.length()];
    int n;
    try (BufferedReader in = Files.newBufferedReader(path, StandardCharsets.ISO_8859_1)) {
      n = in.read(first);
    }
    if (n < first.length || !head.equals(new String(first))) {
      throw new UserError(
          path
              + " is there already and was not written by eval: give another --out, or move it away");
    }
  }

  /** Gives the rows as they come. */
  interface Work {
    /**
     * @return the pictures that could not be read
     */
    List<BadImage> run(AnswerSink rows) throws IOException;
  }

  /**
   * Writes the file while {@code work} gives its rows; it is there whole or not at all. Pictures
   * that could not be read come last.
   *
   * @param data whose pictures they are
   */
  void write(Dataset data, Work work) throws IOException {
    AtomicFiles.replace(
        path,
        channel -> {
          StringBuilder text = new StringBuilder(kind == Kind.JSONL ? "" : header());
          List<BadImage> bad =
              work.run(
                  said -> {
                    String file = data.name(said.index());
                    text.append(kind == Kind.JSONL ? json(file, said) : cells(file, said));
                    if (text.length() > BUFFER) {
                      flush(channel, text);
                    }
                  });
          Map<String, Integer> labels = bad.isEmpty() ? Map.of() : labels(data);
          for (BadImage b : bad) {
            String label = classes.get(labels.get(b.path()));
            text.append(kind == Kind.JSONL ? json(b, label) : cells(b, label));
          }
          flush(channel, text);
        });
  }

  private static void flush(FileChannel to, StringBuilder text) throws IOException {
    AtomicFiles.writeFully(to, ByteBuffer.wrap(text.toString().getBytes(StandardCharsets.UTF_8)));
    text.setLength(0);
  }

  private static Map<String, Integer> labels(Dataset data) {
    Map<String, Integer> out = new HashMap<>();
    for (int i = 0; i < data.size(); i++) {
      out.put(data.name(i), data.label(i));
    }
    return out;
  }

  private String header() {
    CsvCells csv = new CsvCells(kind.separator);
    StringBuilder line = new StringBuilder(kind.head());
    if (top == 0) {
      for (int c = 0; c < classes.size(); c++) {
        line.append(c == 0 ? "" : kind.separator).append(csv.text("probability_" + classes.get(c)));
      }
    }
    for (int i = 1; i <= top; i++) {
      line.append(i == 1 ? "" : kind.separator)
          .append("class_" + i)
          .append(kind.separator)
          .append("probability_" + i);
    }
    line.append(voters > 1 ? kind.separator + "agreement" : "");
    return line.append(kind.separator).append("error\n").toString();
  }

  private String cells(String file, AnswerSink.Said said) {
    CsvCells csv = new CsvCells(kind.separator);
    List<String> row = new ArrayList<>();
    row.add(csv.file(Path.of(file)));
    row.add(csv.text(classes.get(said.label())));
    row.add(csv.text(classes.get(said.predicted())));
    row.add("" + (float) said.scores()[said.predicted()]);
    if (top == 0) {
      for (double p : said.scores()) {
        row.add("" + (float) p);
      }
    }
    for (int c : order(said)) {
      row.add(csv.text(classes.get(c)));
      row.add("" + (float) said.scores()[c]);
    }
    if (voters > 1) {
      row.add("" + (float) said.agreement());
    }
    row.add("");
    return line(row);
  }

  private String cells(BadImage bad, String label) {
    CsvCells csv = new CsvCells(kind.separator);
    List<String> row = new ArrayList<>();
    row.add(csv.file(Path.of(bad.path())));
    row.add(csv.text(label));
    int empty = 2 + (top == 0 ? classes.size() : 2 * top) + (voters > 1 ? 1 : 0);
    row.addAll(Collections.nCopies(empty, ""));
    row.add(csv.text(bad.reason()));
    return line(row);
  }

  private String line(List<String> row) {
    return String.join("" + kind.separator, row) + "\n";
  }

  private String json(String file, AnswerSink.Said said) {
    JsonObject o = new JsonObject();
    o.addProperty("file", FileNames.text(Path.of(file)));
    o.addProperty("truth", classes.get(said.label()));
    o.addProperty("predicted", classes.get(said.predicted()));
    o.addProperty("probability", (float) said.scores()[said.predicted()]);
    if (top == 0) {
      JsonObject all = new JsonObject();
      for (int c = 0; c < classes.size(); c++) {
        all.addProperty(classes.get(c), (float) said.scores()[c]);
      }
      o.add("probabilities", all);
    } else {
      JsonArray best = new JsonArray();
      for (int c : order(said)) {
        JsonObject one = new JsonObject();
        one.addProperty("class", classes.get(c));
        one.addProperty("probability", (float) said.scores()[c]);
        best.add(one);
      }
      o.add("top", best);
    }
    if (voters > 1) {
      o.addProperty("agreement", (float) said.agreement());
    }
    return Json.line(o) + "\n";
  }

  private static String json(BadImage bad, String label) {
    JsonObject o = new JsonObject();
    o.addProperty("file", FileNames.text(Path.of(bad.path())));
    o.addProperty("truth", label);
    o.addProperty("error", bad.reason());
    return Json.line(o) + "\n";
  }

  /** The most probable classes, as many as a row has; equal ones in their order. */
  private int[] order(AnswerSink.Said said) {
    double[] p = said.scores();
    return IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer c) -> -p[c]))
        .limit(top)
        .mapToInt(c -> c)
        .toArray();
  }
}
