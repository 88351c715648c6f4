package engine.eval;

import engine.backend.Backend;
import engine.base.Setting;
import engine.console.Units;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.loader.DataLoader;
import engine.infer.LoadedModel;
import engine.metrics.ClassScore;
import engine.metrics.ConfusionMatrix;
import engine.metrics.Interval;
import engine.metrics.Paired;
import engine.metrics.Spread;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.report.Comparison;
import engine.report.Comparison.Curve;
import engine.report.Comparison.Figure;
import engine.report.Comparison.Grid;
import engine.report.EpochMetrics;
import engine.run.MetricsLog;
import engine.run.RunFolder;
import engine.run.RunGroup;
import engine.run.RunSetup;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What came of several runs of one recipe: each, their mean and spread, and their vote. */
public final class GroupSummary {
  /** A run of the group that has ended. */
  public record Member(String name, RunFolder run, Recipe recipe, List<EpochMetrics> epochs) {
    public static Member of(String name, RunFolder run, Recipe recipe) throws IOException {
      return new Member(name, run, recipe, MetricsLog.read(run.metrics()));
    }

    private double seconds() {
      return epochs.stream().mapToDouble(EpochMetrics::seconds).sum();
    }

    private int bestEpoch() {
      return epochs.stream()
          .reduce((a, b) -> b.valAccuracy() > a.valAccuracy() ? b : a)
          .map(EpochMetrics::epoch)
          .orElse(0);
    }
  }

  private final RunGroup group;
  private final List<Member> members;
  private final List<Evaluation> each = new ArrayList<>();
  private Evaluation vote;
  private List<String> classes = List.of();

  private GroupSummary(RunGroup group, List<Member> members) {
    this.group = group;
    this.members = members;
  }

  /**
   * Judges each member's best checkpoint by what it held out.
   *
   * @param members one or more
   */
  public static GroupSummary of(Backend backend, RunGroup group, List<Member> members)
      throws IOException {
    GroupSummary s = new GroupSummary(group, members);
    if (group.isOfFolds()) {
      for (Member m : members) {
        s.each.add(s.judge(backend, List.of(m)).each().getFirst());
      }
    } else {
      SideBySide all = s.judge(backend, members);
      s.each.addAll(all.each());
      s.vote = members.size() > 1 ? all.vote() : null;
    }
    return s;
  }

  /** On what the first of some members held out. */
  private SideBySide judge(Backend backend, List<Member> some) throws IOException {
    Recipe r = some.getFirst().recipe;
    Datasets.Split data = RunSetup.openAsIn(some.getFirst().run.root(), r, _ -> {});
    Dataset val = data.val();
    classes = val.classNames();
    Precision precision = Precision.of(r.compute().precision(), backend, _ -> {});
    List<SideBySide.Opener> models = new ArrayList<>();
    for (Member m : some) {
      models.add(() -> LoadedModel.load(backend, m.run.best(), precision));
    }
    int batch = Math.clamp(r.schedule().batch(), 1, Math.min(64, val.size()));
    return SideBySide.of(
        models,
        val,
        new DataLoader.Config(batch, false, false, 0, RunSetup.workers(), 2, true),
        _ -> {});
  }

  private Spread spread(ToDoubleFunction<Evaluation> figure) {
    return Spread.of(each.stream().mapToDouble(figure).toArray());
  }

  private static double accuracy(Evaluation e) {
    return e.metrics().accuracy();
  }

  /** Of all members the answers to what they held out: of folds, one answer to each picture. */
  private ConfusionMatrix pooled() {
    return each.stream()
        .map(e -> e.metrics().confusion())
        .reduce(ConfusionMatrix::plus)
        .orElseThrow();
  }

  private Paired againstFirst(int member) {
    return Paired.of(SideBySide.right(each.getFirst()), SideBySide.right(each.get(member)));
  }

  /**
   * The page, and what the terminal shows.
   *
   * @param notes what else is to be said, such as which members failed
   */
  public Comparison page(String title, List<String> notes) {
    List<Grid> grids = new ArrayList<>(List.of(table()));
    if (each.size() > 1) {
      grids.add(byClass());
    }
    List<Curve> curves = members.stream().map(m -> new Curve(m.name, m.epochs)).toList();
    return new Comparison(
        title,
        "%s, %s"
            .formatted(
                group.isOfFolds()
                    ? "each of %d parts held out once".formatted(group.folds())
                    : "seeds "
                        + group.seeds().stream()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", ")),
                group.recipe().schedule().epochs() == 1
                    ? "1 epoch"
                    : group.recipe().schedule().epochs() + " epochs"),
        figures(),
        notes,
        new Comparison.Parts(grids, curves, List.of()),
        commands());
  }

  private List<Figure> figures() {
    Spread s = spread(GroupSummary::accuracy);
    List<Figure> out = new ArrayList<>();
    out.add(
        new Figure(
            "Mean accuracy",
            Units.percent(s.mean()),
            s.count() < 2
                ? "of one run"
                : "95 %: " + range(shares(s.interval())) + " by Student's t"));
    if (s.count() > 1) {
      out.add(
          new Figure(
              "Spread",
              plain(s.deviation()),
              "points of standard deviation; %s to %s"
                  .formatted(Units.percent(s.low()), Units.percent(s.high()))));
    }
    if (group.isOfFolds()) {
      ConfusionMatrix all = pooled();
      out.add(
          new Figure(
              "All pictures",
              Units.percent(all.accuracy()),
              "95 %%: %s; each by the run that held it out"
                  .formatted(range(Interval.wilson(all.correct(), all.samples())))));
    } else if (vote != null) {
      out.add(
          new Figure(
              "Vote",
              Units.percent(accuracy(vote)),
              "mean of their probabilities; 95 %: " + range(vote.metrics().accuracyInterval())));
    }
    return out;
  }

  private Grid table() {
    boolean pairs = !group.isOfFolds() && each.size() > 1;
    List<String> columns =
        new ArrayList<>(
            List.of("run", ">accuracy", ">95 %", ">macro-F1", ">log loss", ">best epoch", ">time"));
    if (pairs) {
      columns.add(">against the first");
      columns.add(">95 %, paired");
    }
    List<List<String>> rows = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      Member m = members.get(i);
      List<String> row = row(m.name, each.get(i));
      row.add("%d of %d".formatted(m.bestEpoch(), m.epochs.size()));
      row.add(Units.duration(m.seconds()));
      if (pairs && i > 0) {
        row.addAll(
            List.of(points(againstFirst(i).difference()), points(againstFirst(i).interval())));
      }
      rows.add(filled(row, columns));
    }
    if (each.size() > 1) {
      rows.add(filled(statistic("mean", Spread::mean, Units::percent), columns));
      rows.add(filled(statistic("deviation", Spread::deviation, GroupSummary::plain), columns));
    }
    if (vote != null) {
      List<String> row = row("vote", vote);
      Paired p = Paired.of(SideBySide.right(each.getFirst()), SideBySide.right(vote));
      row.addAll(List.of("", "", points(p.difference()), points(p.interval())));
      rows.add(filled(row, columns));
    }
    String remark =
        group.isOfFolds()
            ? "Each on the pictures that it held out."
            : "On the %s pictures that all of them held out."
                .formatted(Units.count(each.getFirst().metrics().samples()));
    return new Grid("Runs", remark, columns, rows);
  }

  private static List<String> row(String name, Evaluation e) {
    return new ArrayList<>(
        List.of(
            name,
            Units.percent(accuracy(e)),
            range(e.metrics().accuracyInterval()),
            "%.4f".formatted(e.metrics().macro().f1()),
            "%.4f".formatted(e.metrics().logLoss())));
  }

  private List<String> statistic(
      String name, ToDoubleFunction<Spread> of, DoubleFunction<String> share) {
    return new ArrayList<>(
        List.of(
            name,
            share.apply(of.applyAsDouble(spread(GroupSummary::accuracy))),
            "",
            "%.4f".formatted(of.applyAsDouble(spread(e -> e.metrics().macro().f1()))),
            "%.4f".formatted(of.applyAsDouble(spread(e -> e.metrics().logLoss())))));
  }

  private static List<String> filled(List<String> row, List<String> columns) {
    while (row.size() < columns.size()) {
      row.add("");
    }
    return row;
  }

  /** Of each class how much of it the runs find. */
  private Grid byClass() {
    List<List<String>> rows = new ArrayList<>();
    for (int c : IntStream.range(0, classes.size()).toArray()) {
      Spread s = spread(e -> recall(e.metrics().perClass().get(c)));
      List<String> row =
          new ArrayList<>(
              List.of(
                  classes.get(c),
                  Units.percent(s.mean()),
                  s.count() < 2 ? "" : plain(s.deviation()),
                  Units.percent(s.low()),
                  Units.percent(s.high())));
      ConfusionMatrix all = pooled();
      row.add(
          vote != null
              ? Units.percent(recall(vote.metrics().perClass().get(c)))
              : Units.percent(recall(all.perClass().get(c))));
      rows.add(row);
    }
    return new Grid(
        "Recall by class",
        "Share of the pictures of a class that are found.",
        List.of(
            "class",
            ">mean",
            ">deviation",
            ">least",
            ">most",
            vote != null ? ">vote" : ">all pictures"),
        rows);
  }

  private static double recall(ClassScore s) {
    return s.support() == 0 ? Double.NaN : s.recall();
  }

  /** Voting, and a closer look. */
  private List<String> commands() {
    if (members.size() < 2) {
      return List.of();
    }
    String all =
        members.stream()
            .map(m -> " " + Setting.CHECKPOINT + " " + m.run.root())
            .collect(Collectors.joining());
    String roots = members.stream().map(m -> " " + m.run.root()).collect(Collectors.joining());
    String vote = "engine predict" + all + " PICTURES";
    // What folds held out has no picture in common to compare them on.
    return group.isOfFolds() ? List.of(vote) : List.of(vote, "engine compare" + roots);
  }

  /** The same for machines. */
  public Map<String, Object> figuresForMachines() {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("format", 1);
    out.put("kind", group.isOfFolds() ? "folds" : "seeds");
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < each.size(); i++) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", members.get(i).name);
      row.put("run", members.get(i).run.root().toString());
      row.put("samples", each.get(i).metrics().samples());
      row.putAll(each.get(i).metrics().summary());
      row.put("best_epoch", members.get(i).bestEpoch());
      row.put("epochs", members.get(i).epochs.size());
      row.put("seconds", members.get(i).seconds());
      if (!group.isOfFolds() && i > 0) {
        Paired p = againstFirst(i);
        row.put("against_first", p.difference());
        row.put("against_first_95", List.of(p.interval().low(), p.interval().high()));
      }
      rows.add(row);
    }
    out.put("members", rows);
    Spread s = spread(GroupSummary::accuracy);
    out.put("accuracy_mean", s.mean());
    out.put("accuracy_deviation", s.deviation());
    out.put("accuracy_mean_95", List.of(s.interval().low(), s.interval().high()));
    if (vote != null) {
      out.put("vote", vote.metrics().summary());
    }
    if (group.isOfFolds()) {
      out.put("accuracy_of_all", pooled().accuracy());
    }
    out.put("commands", commands());
    return out;
  }

  private static String range(Interval i) {
    return Units.percent(i.low()).replace(" %", "") + " to " + Units.percent(i.high());
  }

  /** Student's t knows nothing of 0 and 1. */
  private static Interval shares(Interval i) {
    return new Interval(Math.max(0, i.low()), Math.min(1, i.high()));
  }

  private static String plain(double share) {
    return Double.isNaN(share) ? "–" : "%.1f".formatted(100 * share);
  }

  /** A difference of shares, in points of a hundred. */
  private static String points(double share) {
    String text = "%+.1f".formatted(100 * share);
    return text.matches("[+-]0\\.0") ? "0.0" : text;
  }

  private static String points(Interval i) {
    return points(i.low()) + " to " + points(i.high());
  }
}
