package engine.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.console.Json;
import engine.console.Table;
import engine.console.Terminal;
import engine.console.Units;
import engine.data.BadImages.BadImage;
import engine.eval.Evaluation;
import engine.eval.VoteEvaluator;
import engine.infer.LatencyProbe;
import engine.metrics.ClassScore;
import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusedPair;
import engine.report.ConfusionJson;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What {@code engine eval} prints, for people and for machines. */
final class EvalOutput {
  private static final int PAIRS = 5;
  private static final int WIDE_MATRIX = 20;

  /** Of more classes only the worst are shown. */
  private static final int MANY = 100;

  private static final int WORST = 40;

  private EvalOutput() {}

  /** How far models that voted were of one mind, as one clause. */
  static String agreement(int models, double mean, double unanimous) {
    return "on average %s of the %d models gave the answer that won; all gave the same on %s"
        .formatted(Units.percent(mean), models, Units.percent(unanimous));
  }

  /** Says which classes had no picture, if any. */
  static Optional<String> absentClasses(VoteEvaluator.Result result, List<String> names) {
    int[] absent = result.evaluation().metrics().absentClasses();
    if (absent.length == 0) {
      return Optional.empty();
    }
    String few =
        IntStream.of(absent).limit(PAIRS).mapToObj(names::get).collect(Collectors.joining(", "));
    String more = absent.length > PAIRS ? ", and %,d more".formatted(absent.length - PAIRS) : "";
    return Optional.of(
        "%,d of %,d classes %s no picture here (%s%s): nothing is measured for %s, and averages over classes leave out those that no answer names either"
            .formatted(
                absent.length,
                names.size(),
                absent.length == 1 ? "has" : "have",
                few,
                more,
                absent.length == 1 ? "it" : "them"));
  }

  /**
   * @param models the checkpoints, for people
   */
  static void print(
      Terminal t,
      VoteEvaluator.Result result,
      LatencyProbe.Result latency,
      List<String> names,
      List<String> models) {
    Evaluation e = result.evaluation();
    ClassificationMetrics m = e.metrics();
    t.out()
        .println(
            "accuracy %s (95 %%: %s to %s)%s   macro-F1 %.4f   balanced accuracy %s   log loss %.4f   on %s"
                .formatted(
                    Units.percent(m.accuracy()),
                    Units.percent(m.accuracyInterval().low()),
                    Units.percent(m.accuracyInterval().high()),
                    topK(m),
                    m.macro().f1(),
                    Units.percent(m.balancedAccuracy()),
                    m.logLoss(),
                    Units.count(m.samples(), "picture")));
    t.out()
        .println(
            "latency p50 %.1f ms, p99 %.1f ms for one picture; %s img/s in batches"
                .formatted(latency.p50(), latency.p99(), Units.rate(e.imagesPerSecond())));
    if (models.size() > 1) {
      t.out().println(agreement(models.size(), result.agreement(), result.unanimous()));
      t.out().println();
      alone(result, models).print(t);
    }
    t.out().println();
    Table classes = new Table("class", ">precision", ">recall", ">F1", ">pictures");
    List<ClassScore> scores = m.perClass();
    for (int i : shown(scores)) {
      ClassScore s = scores.get(i);
      classes.row(
          names.get(i),
          "%.4f".formatted(s.precision()),
          "%.4f".formatted(s.recall()),
          "%.4f".formatted(s.f1()),
          s.support());
    }
    classes.print(t);
    if (scores.size() > MANY) {
      t.out()
          .println(
              "the %d of %,d classes with the lowest F1; --json and --report have them all"
                  .formatted(WORST, scores.size()));
    }
    if (names.size() <= WIDE_MATRIX) {
      t.out().println();
      matrix(m, names).print(t);
    }
    List<ConfusedPair> pairs = m.confusion().mostConfused(PAIRS);
    if (!pairs.isEmpty()) {
      t.out().println();
      Table p = new Table("most confused", ">times", ">of its class");
      for (ConfusedPair c : pairs) {
        p.row(
            names.get(c.truth()) + " taken for " + names.get(c.predicted()),
            c.count(),
            Units.percent(c.share()));
      }
      p.print(t);
    }
    result.leftOut().forEach(b -> t.out().println("left out: " + b));
  }

  /** Two classes have none: one of two answers is always right. */
  private static String topK(ClassificationMetrics m) {
    return m.usefulTopK().isEmpty()
        ? ""
        : "   top-%d %s"
            .formatted(m.usefulTopK().getAsInt(), Units.percent(m.topK(m.usefulTopK().getAsInt())));
  }

  /** What each of the models that vote is worth by itself. */
  private static Table alone(VoteEvaluator.Result result, List<String> models) {
    Table table = new Table("alone", ">accuracy", ">macro-F1", ">log loss");
    for (int i = 0; i < models.size(); i++) {
      VoteEvaluator.Alone a = result.alone().get(i);
      table.row(
          models.get(i),
          Units.percent(a.accuracy()),
          "%.4f".formatted(a.macroF1()),
          "%.4f".formatted(a.logLoss()));
    }
    return table;
  }

  /** The classes to list: all in order, or of many the worst of those with pictures. */
  private static List<Integer> shown(List<ClassScore> scores) {
    IntStream all = IntStream.range(0, scores.size());
    return scores.size() <= MANY
        ? all.boxed().toList()
        : all.filter(i -> scores.get(i).support() > 0)
            .boxed()
            .sorted(Comparator.comparing(i -> scores.get(i).f1()))
            .limit(WORST)
            .toList();
  }

  private static Table matrix(ClassificationMetrics m, List<String> names) {
    String[] head = new String[names.size() + 1];
    head[0] = "true \\ predicted";
    for (int i = 0; i < names.size(); i++) {
      head[i + 1] = ">" + names.get(i);
    }
    Table t = new Table(head);
    for (int i = 0; i < names.size(); i++) {
      Object[] row = new Object[head.length];
      row[0] = names.get(i);
      for (int j = 0; j < names.size(); j++) {
        row[j + 1] = m.confusion().count(i, j) == 0 ? "·" : m.confusion().count(i, j);
      }
      t.row(row);
    }
    return t;
  }

  static String json(
      VoteEvaluator.Result result,
      LatencyProbe.Result latency,
      List<String> names,
      List<String> models) {
    Evaluation e = result.evaluation();
    JsonObject o = Json.tree(e.metrics().summary()).getAsJsonObject();
    o.addProperty("samples", e.metrics().samples());
    o.addProperty("images_s", e.imagesPerSecond());
    o.addProperty("latency_p50_ms", latency.p50());
    o.addProperty("latency_p99_ms", latency.p99());
    if (models.size() > 1) {
      o.addProperty("agreement", result.agreement());
      o.addProperty("unanimous", result.unanimous());
      o.add("accuracy_alone", Json.tree(result.alone().stream().map(a -> a.accuracy()).toList()));
      o.add("alone", alone(result.alone(), models));
    }
    JsonArray leftOut = new JsonArray();
    for (BadImage b : result.leftOut()) {
      JsonObject one = new JsonObject();
      one.addProperty("file", b.path());
      one.addProperty("error", b.reason());
      leftOut.add(one);
    }
    o.add("left_out", leftOut);
    o.add("classes", Json.tree(names));
    o.add("per_class", perClass(e.metrics().perClass(), names));
    ConfusionJson.add(o, e.metrics());
    return Json.line(o);
  }

  private static JsonArray alone(List<VoteEvaluator.Alone> all, List<String> models) {
    JsonArray out = new JsonArray();
    for (int i = 0; i < models.size(); i++) {
      JsonObject one = new JsonObject();
      one.addProperty("checkpoint", models.get(i));
      one.addProperty("accuracy", all.get(i).accuracy());
      one.addProperty("f1_macro", all.get(i).macroF1());
      one.addProperty("log_loss", all.get(i).logLoss());
      out.add(one);
    }
    return out;
  }

  private static JsonArray perClass(List<ClassScore> scores, List<String> names) {
    JsonArray out = new JsonArray();
    for (int c = 0; c < scores.size(); c++) {
      JsonObject one = new JsonObject();
      one.addProperty("class", names.get(c));
      one.asMap().putAll(Json.tree(scores.get(c)).getAsJsonObject().asMap());
      out.add(one);
    }
    return out;
  }
}
