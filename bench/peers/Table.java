import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * README.md's table of figures, made of the measurements that {@code bench/peers/run} wrote.
 *
 * <pre>
 *   java bench/peers/Table.java           prints it
 *   java bench/peers/Table.java --write   puts it in its place in README.md
 * </pre>
 *
 * A test runs it and compares. After a new measurement, name its file in {@link #ROWS}.
 */
final class Table {
  private static final Path RESULTS = Path.of("bench", "results");
  private static final String ALL = "peers-2026-11-24.csv";
  private static final String ROUNDED = "peers-2026-11-24-halves-and-qat.csv";
  private static final String ANSWERS = "peers-2026-11-24-winograd.csv";

  /** What a cell says of the measurements of one program: a time, a size. */
  private enum Figure {
    STEP(" ms", m -> m.number("median_ms")),
    MEMORY(" MB", m -> m.number("rss_mb")),
    START(" s", m -> m.number("first_step_s"));

    final String unit;
    final ToDoubleFunction<Measurement> of;

    Figure(String unit, ToDoubleFunction<Measurement> of) {
      this.unit = unit;
      this.of = of;
    }
  }

  /** A row: what it is called, what it shows of which work, and the file that has it. */
  private record Row(String name, Figure figure, String work, String file) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("train, batch 32, fp32", Figure.STEP, "train:32:fp32", ALL),
          new Row("its resident memory", Figure.MEMORY, "train:32:fp32", ALL),
          new Row("its first step, from process start", Figure.START, "train:32:fp32", ALL),
          new Row("train, batch 32, bf16", Figure.STEP, "train:32:amp", ALL),
          new Row("its resident memory", Figure.MEMORY, "train:32:amp", ALL),
          new Row("train, batch 32, quantisation-aware", Figure.STEP, "train:32:qat", ROUNDED),
          new Row("infer, batch 1, fp32", Figure.STEP, "infer:1:fp32", ANSWERS),
          new Row("its resident memory", Figure.MEMORY, "infer:1:fp32", ANSWERS),
          new Row("its first answer, from process start", Figure.START, "infer:1:fp32", ANSWERS),
          new Row("infer, batch 32, fp32", Figure.STEP, "infer:32:fp32", ANSWERS),
          new Row("infer, batch 1, bf16", Figure.STEP, "infer:1:amp", ANSWERS),
          new Row("infer, batch 32, bf16", Figure.STEP, "infer:32:amp", ANSWERS),
          new Row("infer, batch 1, int8", Figure.STEP, "infer:1:int8", ALL),
          new Row("its resident memory", Figure.MEMORY, "infer:1:int8", ALL),
          new Row("infer, batch 32, int8", Figure.STEP, "infer:32:int8", ALL));

  /** A line of a CSV file: one process of one round. */
  private record Measurement(Map<String, String> fields) {
    String text(String name) {
      return fields.get(name);
    }

    double number(String name) {
      return Double.parseDouble(text(name));
    }

    String work() {
      return text("work") + ":" + text("batch") + ":" + text("precision");
    }
  }

  public static void main(String[] args) throws IOException {
    if (args.length == 0) {
      System.out.print(table());
    } else if (args.length == 1 && args[0].equals("--write")) {
      Path readme = Path.of("README.md");
      String text = Files.readString(readme);
      int from = text.indexOf("-->\n", text.indexOf("<!-- java bench/peers/Table.java")) + 4;
      int to = text.indexOf("<!-- end of the table -->", from);
      Files.writeString(readme, text.substring(0, from) + table() + text.substring(to));
    } else {
      System.err.println("bench/peers/Table.java: there is only --write");
      System.exit(2);
    }
  }

  private static String table() throws IOException {
    Map<String, List<Measurement>> files = new LinkedHashMap<>();
    StringBuilder table = new StringBuilder();
    table.append("| ResNet-50, 10 classes, 224x224 | Engine | PyTorch | ratio | ONNX Runtime | ratio |\n");
    table.append("| --- | --: | --: | --: | --: | --: |\n");
    for (Row row : ROWS) {
      if (!files.containsKey(row.file)) {
        files.put(row.file, read(RESULTS.resolve(row.file)));
      }
      List<Measurement> all = files.get(row.file);
      double ours = median(all, row, "engine");
      double torch = median(all, row, "pytorch");
      // For int8 the model that ONNX Runtime quantised itself: the faster of the two.
      double onnx = median(all, row, row.work.endsWith("int8") ? "onnxruntime-own" : "onnxruntime");
      table.append("| ").append(row.name);
      for (String cell :
          List.of(
              cell(ours, row.figure),
              cell(torch, row.figure),
              ratio(torch, ours),
              cell(onnx, row.figure),
              ratio(onnx, ours))) {
        table.append(" | ").append(cell);
      }
      table.append(" |\n");
    }
    List<Measurement> every = files.values().stream().flatMap(List::stream).toList();
    table
        .append("\nMedians of rounds in turns. A ratio is the peer's figure over Engine's: above 1")
        .append(" Engine needs less.\nMeasured on ")
        .append(distinct(every.stream(), m -> m.text("date")))
        .append(", on ")
        .append(distinct(every.stream(), m -> m.text("machine").replaceFirst(", Linux.*", "")))
        .append(",\nby `bench/peers/run`. PyTorch ")
        .append(versions(every, "pytorch"))
        .append(", ONNX Runtime ")
        .append(versions(every, "onnxruntime"))
        .append(".\n");
    return table.toString();
  }

  private static String versions(List<Measurement> every, String by) {
    return distinct(every.stream().filter(m -> m.text("by").equals(by)), m -> m.text("version"));
  }

  private static String distinct(
      Stream<Measurement> of, java.util.function.Function<Measurement, String> what) {
    return of.map(what).collect(Collectors.toCollection(TreeSet::new)).stream()
        .collect(Collectors.joining(" and "));
  }

  /** The median of the undisturbed rounds; NaN where nothing was measured. */
  private static double median(List<Measurement> all, Row row, String by) {
    double[] values =
        all.stream()
            .filter(m -> m.work().equals(row.work) && m.text("by").equals(by))
            .filter(m -> m.text("disturbed").equals("0"))
            .mapToDouble(row.figure.of)
            .sorted()
            .toArray();
    int n = values.length;
    return n == 0 ? Double.NaN : (values[(n - 1) / 2] + values[n / 2]) / 2;
  }

  private static String cell(double value, Figure figure) {
    if (Double.isNaN(value)) {
      return "";
    }
    String format = value >= 100 ? "%,.0f" : value >= 1 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, format, value) + figure.unit;
  }

  private static String ratio(double peer, double ours) {
    return Double.isNaN(peer) ? "" : String.format(Locale.ROOT, "%.2f", peer / ours);
  }

  private static List<Measurement> read(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    List<String> names = cells(lines.get(0));
    List<Measurement> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      List<String> cells = cells(line);
      Map<String, String> fields = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        fields.put(names.get(i), cells.get(i));
      }
      rows.add(new Measurement(fields));
    }
    return rows;
  }

  /** The cells of a line; those with commas stand in quotes. */
  private static List<String> cells(String line) {
    return Arrays.stream(line.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)", -1))
        .map(c -> c.replace("\"", ""))
        .toList();
  }
}
