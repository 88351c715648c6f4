package engine.eval;

import engine.backend.Backend;
import engine.base.Setting;
import engine.console.Units;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Subset;
import engine.data.loader.DataLoader;
import engine.infer.EvalData;
import engine.infer.LoadedModel;
import engine.metrics.ClassScore;
import engine.metrics.Interval;
import engine.metrics.Paired;
import engine.recipe.Precision;
import engine.report.Comparison;
import engine.report.Comparison.Curve;
import engine.report.Comparison.Figure;
import engine.report.Comparison.Gallery;
import engine.report.Comparison.Grid;
import engine.run.RunSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

/** Where runs differ: in their settings, over their epochs, and on pictures that none has seen. */
public final class RunsCompared {
  private static final int CLASS_ROWS = 200;

  private final List<ComparedRun> runs;
  private final List<String> notes = new ArrayList<>();
  private Dataset pictures;
  private SideBySide judged;

  private RunsCompared(List<ComparedRun> runs) {
    this.runs = runs;
  }

  /**
   * Compares runs, the first of which the others are measured against.
   *
   * @param data pictures as {@code eval} takes them, or null for what all of the runs held out
   * @param say told what was passed over or has changed
   * @param progress told the pictures done so far, over all runs
   */
  public static RunsCompared of(
      Backend backend,
      List<ComparedRun> runs,
      String data,
      Consumer<String> say,
      IntConsumer progress)
      throws IOException {
    RunsCompared c = new RunsCompared(runs);
    if (ComparedRun.differences(runs).isEmpty()) {
      c.notes.add("Their settings are the same.");
    }
    c.pictures = c.heldOutByAll(data, say);
    if (c.pictures != null) {
      Precision precision = Precision.of("fp32", backend, _ -> {});
      int batch = Math.min(32, c.pictures.size());
      List<SideBySide.Opener> models = new ArrayList<>();
      runs.forEach(r -> models.add(() -> LoadedModel.load(backend, r.model(), precision)));
      c.judged =
          SideBySide.of(
              models,
              c.pictures,
              new DataLoader.Config(batch, false, false, 0, RunSetup.workers(), 2, true),
              progress);
    }
    return c;
  }

  /** The pictures of the first run that no run was trained on; null where there are none. */
  private Dataset heldOutByAll(String data, Consumer<String> say) throws IOException {
    ComparedRun first = runs.getFirst();
    for (ComparedRun r : runs) {
      if (!r.info().classes().equals(first.info().classes())) {
        notes.add(
            "%s and %s know other classes, so their answers are not compared."
                .formatted(first.name(), r.name()));
        return null;
      }
      if (data == null && r.recipe() == null) {
        notes.add(
            "No run says what %s held out, so answers are not compared: name pictures with %s."
                .formatted(r.name(), Setting.DATA));
        return null;
      }
    }
    EvalData.Wanted wanted = new EvalData.Wanted(data, null, null, false);
    Dataset all = EvalData.open(first.model(), wanted, first.info(), say);
    Map<String, Integer> common = places(all, root(first, data));
    int most = all.size();
    for (ComparedRun r : runs.subList(1, runs.size())) {
      Dataset its = EvalData.open(r.model(), wanted, r.info(), say);
      common.keySet().retainAll(places(its, root(r, data)).keySet());
      most = Math.max(most, its.size());
    }
    if (common.isEmpty()) {
      notes.add(
          "No picture was held out by all of these runs, so their answers are not compared: name pictures that none of them has seen with %s."
              .formatted(Setting.DATA));
      return null;
    }
    if (common.size() < most) {
      notes.add(
          "Compared on the %s pictures that all of them held out, of up to %s that one did."
              .formatted(Units.count(common.size()), Units.count(most)));
    }
    return common.size() == all.size()
        ? all
        : new Subset(all, common.values().stream().mapToInt(i -> i).toArray());
  }

  private static String root(ComparedRun r, String data) {
    String named = data != null ? data : r.recipe().data().source();
    return Datasets.isOwn(named) ? Datasets.root(named) : named;
  }

  /** Pictures by their paths below a folder, so that it may have moved between two runs. */
  private static Map<String, Integer> places(Dataset d, String root) {
    Map<String, Integer> out = new LinkedHashMap<>();
    for (int i = 0; i < d.size(); i++) {
      String name = d.name(i);
      out.put(name.startsWith(root + "/") ? name.substring(root.length() + 1) : name, i);
    }
    return out;
  }

  private Paired against(int run) {
    return Paired.of(
        SideBySide.right(judged.each().getFirst()), SideBySide.right(judged.each().get(run)));
  }

  /**
   * The page, and what the terminal shows.
   *
   * @param galleries whether with pictures
   */
  public Comparison page(boolean galleries) {
    List<Grid> grids = new ArrayList<>(List.of(settings()));
    List<Gallery> shown = new ArrayList<>();
    if (judged != null) {
      grids.add(figures());
      grids.add(byClass());
      DisputedPictures disputed = new DisputedPictures(runs, pictures, judged);
      grids.addAll(disputed.grids());
      shown.addAll(galleries ? disputed.galleries() : List.of());
    }
    return new Comparison(
        String.join(", ", runs.stream().map(ComparedRun::name).toList()),
        "%d runs compared".formatted(runs.size())
            + (judged == null
                ? ""
                : " on " + Units.count(judged.vote().metrics().samples()) + " pictures"),
        headlines(),
        notes,
        new Comparison.Parts(
            grids.stream().filter(g -> !g.rows().isEmpty()).toList(),
            runs.stream().map(r -> new Curve(r.name(), r.epochs())).toList(),
            shown),
        List.of());
  }

  private List<Figure> headlines() {
    List<Figure> out = new ArrayList<>();
    for (int i = 0; judged != null && i < runs.size() && i < 4; i++) {
      Evaluation e = judged.each().get(i);
      out.add(
          new Figure(
              runs.get(i).name(),
              Units.percent(e.metrics().accuracy()),
              i == 0
                  ? "accuracy"
                  : "%s points (95 %%: %s)%s"
                      .formatted(
                          points(against(i).difference()),
                          points(against(i).interval()),
                          against(i).isClear() ? "" : ", no clear difference")));
    }
    return out;
  }

  private Grid settings() {
    List<String> columns = new ArrayList<>(List.of("setting"));
    runs.forEach(r -> columns.add(r.name()));
    List<List<String>> rows = new ArrayList<>();
    ComparedRun.differences(runs)
        .forEach(
            (key, values) -> {
              List<String> row = new ArrayList<>(List.of(key));
              row.addAll(values);
              rows.add(row);
            });
    return new Grid("Settings that differ", "By their names in config.json.", columns, rows);
  }

  private Grid figures() {
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Evaluation e = judged.each().get(i);
      Paired p = against(i);
      rows.add(
          List.of(
              runs.get(i).name(),
              Units.percent(e.metrics().accuracy()),
              "%.4f".formatted(e.metrics().macro().f1()),
              "%.4f".formatted(e.metrics().logLoss()),
              i == 0 ? "" : points(p.difference()),
              i == 0 ? "" : points(p.interval()),
              i == 0 ? "" : Units.count(p.onlySecond()),
              i == 0 ? "" : Units.count(p.onlyFirst())));
    }
    return new Grid(
        "Figures",
        "Points are of accuracy, against the first run; their interval is of pairs of answers.",
        List.of(
            "run",
            ">accuracy",
            ">macro-F1",
            ">log loss",
            ">points",
            ">95 %, paired",
            ">only this right",
            ">only the first"),
        rows);
  }

  /** The classes in which runs differ most come first. */
  private Grid byClass() {
    List<String> classes = runs.getFirst().info().classes();
    List<String> columns = new ArrayList<>(List.of("class", ">pictures"));
    runs.forEach(r -> columns.add(">" + r.name()));
    columns.add(">largest difference");
    List<List<String>> rows =
        IntStream.range(0, classes.size())
            .boxed()
            .filter(c -> score(0, c).support() > 0)
            .sorted(Comparator.comparingDouble(c -> -gap(c)))
            .limit(CLASS_ROWS)
            .map(
                c -> {
                  List<String> row =
                      new ArrayList<>(List.of(classes.get(c), Units.count(score(0, c).support())));
                  for (int i = 0; i < runs.size(); i++) {
                    row.add(Units.percent(score(i, c).recall()));
                  }
                  row.add("%.1f".formatted(100 * gap(c)));
                  return row;
                })
            .toList();
    return new Grid(
        "Recall by class", "The classes in which they differ most first.", columns, rows);
  }

  private ClassScore score(int run, int c) {
    return judged.each().get(run).metrics().perClass().get(c);
  }

  private double gap(int c) {
    double[] recalls =
        IntStream.range(0, runs.size()).mapToDouble(i -> score(i, c).recall()).toArray();
    return IntStream.range(0, recalls.length).mapToDouble(i -> recalls[i]).max().orElse(0)
        - IntStream.range(0, recalls.length).mapToDouble(i -> recalls[i]).min().orElse(0);
  }

  /** The same for machines. */
  public Map<String, Object> figuresForMachines() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("format", 1);
    out.put("runs", runs.stream().map(ComparedRun::name).toList());
    out.put("checkpoints", runs.stream().map(r -> r.model().toString()).toList());
    List<Map<String, Object>> settings = new ArrayList<>();
    ComparedRun.differences(runs)
        .forEach(
            (key, values) -> {
              Map<String, Object> one = new LinkedHashMap<>();
              one.put("setting", key);
              one.put("values", values);
              settings.add(one);
            });
    out.put("settings", settings);
    out.put("notes", notes);
    if (judged == null) {
      return out;
    }
    out.put("samples", judged.vote().metrics().samples());
    List<Map<String, Object>> figures = new ArrayList<>();
    for (int i = 0; i < runs.size(); i++) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", runs.get(i).name());
      one.putAll(judged.each().get(i).metrics().summary());
      if (i > 0) {
        Paired p = against(i);
        one.put("against_first", p.difference());
        one.put("against_first_95", List.of(p.interval().low(), p.interval().high()));
        one.put("only_this_right", p.onlySecond());
        one.put("only_first_right", p.onlyFirst());
      }
      figures.add(one);
    }
    out.put("figures", figures);
    List<Map<String, Object>> classes = new ArrayList<>();
    for (int c = 0; c < runs.getFirst().info().classes().size(); c++) {
      int k = c;
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("class", runs.getFirst().info().classes().get(c));
      one.put("support", score(0, c).support());
      one.put(
          "recall", IntStream.range(0, runs.size()).mapToObj(i -> score(i, k).recall()).toList());
      classes.add(one);
    }
    out.put("per_class", classes);
    out.put("disputed", new DisputedPictures(runs, pictures, judged).forMachines());
    return out;
  }

  /** A difference of shares, in points of a hundred. */
  static String points(double share) {
    String text = "%+.1f".formatted(100 * share);
    return text.matches("[+-]0\\.0") ? "0.0" : text;
  }

  static String points(Interval i) {
    return points(i.low()) + " to " + points(i.high());
  }
}
