package engine.report;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import engine.console.Json;
import engine.metrics.CalibrationBin;
import engine.metrics.ClassScore;
import engine.metrics.ClassificationMetrics;
import engine.metrics.ConfusedPair;
import engine.metrics.Interval;
import java.util.List;

/** The figures of a report for machines; what is no number is null. */
final class ReportJson {
  private static final int PAIRS = 50;

  private ReportJson() {}

  static String of(ReportData d) {
    JsonObject out = new JsonObject();
    out.addProperty("format", Json.FORMAT);
    out.addProperty("title", d.title());
    out.addProperty("subtitle", d.subtitle());
    out.addProperty("evaluated", d.evaluated());
    out.add("classes", Json.tree(d.classNames()));
    if (d.metrics() != null) {
      metrics(d, d.metrics(), out);
    }
    JsonArray mistakes = new JsonArray();
    for (ReportData.Mistake m : d.mistakes()) {
      JsonObject one = new JsonObject();
      one.addProperty("file", m.source());
      one.addProperty("truth", m.truth());
      one.addProperty("predicted", m.predicted());
      one.addProperty("probability", m.probability());
      mistakes.add(one);
    }
    out.add("worst_mistakes", mistakes);
    out.add("latency", Json.tree(d.latency()));
    JsonObject configuration = new JsonObject();
    d.configuration().forEach((k, v) -> configuration.addProperty(k.replaceAll("\\W+", "_"), v));
    out.add("configuration", configuration);
    return d.classNames().size() <= ConfusionJson.FEW ? Json.page(out) : Json.line(out) + "\n";
  }

  private static void metrics(ReportData d, ClassificationMetrics m, JsonObject out) {
    JsonObject figures = new JsonObject();
    figures.addProperty("samples", m.samples());
    m.summary().forEach((name, value) -> figures.addProperty(name, value));
    figures.add("accuracy_95", interval(m.accuracyInterval()));
    figures.add("f1_macro_95", interval(m.macroF1Interval()));
    out.add("figures", figures);
    JsonArray classes = new JsonArray();
    List<ClassScore> scores = m.perClass();
    for (int c = 0; c < m.classes(); c++) {
      ClassScore s = scores.get(c);
      JsonObject one = new JsonObject();
      one.addProperty("class", d.classNames().get(c));
      one.addProperty("precision", s.precision());
      one.addProperty("recall", s.recall());
      one.add("recall_95", interval(Interval.wilson(m.confusion().count(c, c), s.support())));
      one.addProperty("f1", s.f1());
      one.addProperty("support", s.support());
      one.addProperty("right", m.confusion().count(c, c));
      classes.add(one);
    }
    out.add("per_class", classes);
    ConfusionJson.add(out, m);
    JsonArray pairs = new JsonArray();
    for (ConfusedPair p : m.confusion().mostConfused(PAIRS)) {
      JsonObject one = new JsonObject();
      one.addProperty("truth", d.classNames().get(p.truth()));
      one.addProperty("predicted", d.classNames().get(p.predicted()));
      one.addProperty("count", p.count());
      one.addProperty("share", p.share());
      pairs.add(one);
    }
    out.add("most_confused", pairs);
    JsonArray bins = new JsonArray();
    for (CalibrationBin b : m.calibration()) {
      JsonObject one = new JsonObject();
      one.addProperty("samples", b.samples());
      one.addProperty("confidence", b.confidence());
      one.addProperty("accuracy", b.accuracy());
      bins.add(one);
    }
    out.add("calibration", bins);
  }

  private static JsonArray interval(Interval i) {
    JsonArray a = new JsonArray();
    a.add(i.low());
    a.add(i.high());
    return a;
  }
}
