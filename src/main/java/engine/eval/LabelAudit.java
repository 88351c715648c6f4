package engine.eval;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.Dataset;
import engine.data.loader.DataLoader;
import engine.infer.EvalData;
import engine.infer.LoadedModel;
import engine.metrics.ConfidentLearning;
import engine.metrics.Logits;
import engine.recipe.Precision;
import engine.run.RunSetup;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Which labels of pictures are probably wrong, by the answers of runs that were not trained on
 * them: what each run held out. A picture that several held out has the mean of their
 * probabilities.
 *
 * @param classes in the order of the labels
 * @param counts pictures of each that were answered
 * @param right answers that are the label
 * @param unread pictures that could not be read
 * @param suspects the surest first
 */
public record LabelAudit(
    List<String> classes, int[] counts, int right, int unread, List<Suspect> suspects) {
  private static final int BATCH = 32;

  /** A picture with what is said of its label. */
  public record Suspect(Dataset from, int at, ConfidentLearning.Suspect label) {
    /** As every command calls it. */
    public String file() {
      return from.name(at);
    }
  }

  /** A picture and the sum of what was said of it. */
  private static final class Judged {
    private final Dataset from;
    private final int at;
    private final double[] sum;
    private int voices;

    Judged(Dataset from, int at, int classes) {
      this.from = from;
      this.at = at;
      this.sum = new double[classes];
    }

    void add(double[] row) {
      voices++;
      for (int c = 0; c < sum.length; c++) {
        sum[c] += row[c];
      }
    }

    double[] mean() {
      double[] out = sum.clone();
      for (int c = 0; c < out.length; c++) {
        out[c] /= voices;
      }
      return out;
    }
  }

  /** Is told what happens. */
  public interface Listener {
    void message(String text);

    /** A run begins to answer about so many pictures. */
    IntConsumer run(Path run, int pictures);
  }

  /**
   * @param runs folders of runs, or checkpoints
   * @param wanted pictures that they answer about
   */
  public static LabelAudit of(
      Backend backend, List<Path> runs, EvalData.Wanted wanted, Listener listener)
      throws IOException {
    Map<String, Judged> all = new LinkedHashMap<>();
    List<String> classes = null;
    int unread = 0;
    for (Path run : runs) {
      Precision precision = Precision.of("fp32", backend, _ -> {});
      try (LoadedModel model = LoadedModel.load(backend, run, precision)) {
        requireSame(runs.getFirst(), classes, run, model.info().classes());
        classes = model.info().classes();
        Consumer<String> say = listener::message;
        Dataset data = EvalData.open(run, wanted, model.info(), say);
        unread += judge(model, data, listener.run(run, data.size()), all);
      }
    }
    return of(classes, List.copyOf(all.values()), unread);
  }

  private static void requireSame(Path first, List<String> one, Path run, List<String> other) {
    if (one != null && !one.equals(other)) {
      throw new UserError(
          "%s and %s know other classes: give runs of the same pictures".formatted(first, run));
    }
  }

  /** Returns how many pictures could not be read. */
  private static int judge(
      LoadedModel model, Dataset data, IntConsumer progress, Map<String, Judged> to) {
    var views = List.of(model.info().preprocessing().evalTransform());
    int batch = Math.min(BATCH, data.size());
    ClassProbabilities said =
        ClassProbabilities.of(
            model,
            data,
            views,
            new DataLoader.Config(batch, false, false, 0, RunSetup.workers(), 2, true),
            progress);
    int classes = model.info().classes().size();
    for (int i = 0; i < data.size(); i++) {
      double[] row = said.row(i);
      if (row != null) {
        int at = i;
        to.computeIfAbsent(data.name(i), _ -> new Judged(data, at, classes)).add(row);
      }
    }
    return said.leftOut().size();
  }

  private static LabelAudit of(List<String> classes, List<Judged> pictures, int unread) {
    if (pictures.isEmpty()) {
      throw new UserError(
          "none of the pictures can be read: put back what was there, or name others");
    }
    List<double[]> rows = new ArrayList<>();
    int[] labels = new int[pictures.size()];
    int[] counts = new int[classes.size()];
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      Judged p = pictures.get(i);
      rows.add(p.mean());
      labels[i] = p.from.label(p.at);
      counts[labels[i]]++;
      right += Logits.argmax(rows.get(i)) == labels[i] ? 1 : 0;
    }
    List<Suspect> suspects =
        ConfidentLearning.suspects(rows, labels).stream()
            .map(s -> new Suspect(pictures.get(s.index()).from, pictures.get(s.index()).at, s))
            .toList();
    return new LabelAudit(classes, counts, right, unread, suspects);
  }

  /** Share of the answers that are the label. */
  public double accuracy() {
    return (double) right / pictures();
  }

  /** How many pictures were answered. */
  public int pictures() {
    int n = 0;
    for (int c : counts) {
      n += c;
    }
    return n;
  }

  /** Suspects of each label. */
  public int[] suspectsByClass() {
    int[] out = new int[classes.size()];
    suspects.forEach(s -> out[s.label.label()]++);
    return out;
  }
}
