package engine.train;

import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.image.PixelImage;
import engine.report.EpochMetrics;
import engine.report.MetricsLog;
import engine.report.ReportData;
import engine.report.RunReport;
import engine.report.Thumbnail;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The end of a run: the report, and what to do next. */
public final class RunFinish {
  private static final int THUMBNAIL = 96;

  private RunFinish() {}

  /** Writes {@code report.html} from the logs and the evaluation of the best checkpoint. */
  public static void report(
      RunFolder run,
      Recipe r,
      Datasets.Split data,
      ModelInfo info,
      Evaluation best,
      TrainingListener listener)
      throws IOException {
    List<EpochMetrics> epochs = MetricsLog.read(run.metrics());
    int bestEpoch =
        epochs.stream()
            .max(Comparator.comparingDouble(EpochMetrics::valAccuracy))
            .map(EpochMetrics::epoch)
            .orElse(0);
    List<String> notes = new ArrayList<>();
    if (r.data().startsWith("demo")) {
      notes.add("The pictures are synthetic: drawn by a program, not photographed.");
    }
    ReportData report =
        new ReportData.Builder(r.model() + " on " + r.data())
            .subtitle(
                "width %s, %dx%d pixels, %s on %s"
                    .formatted(r.width(), r.imageSize(), r.imageSize(), r.precision(), r.device()))
            .epochs(epochs)
            .metrics(
                best.metrics(),
                "best checkpoint (epoch %d), %,d pictures".formatted(bestEpoch, data.val().size()),
                info.classes())
            .mistakes(mistakes(best, data.val(), info.classes()))
            .configuration(configuration(r))
            .commands(List.of("engine eval --checkpoint " + run.root() + " --data " + r.data()))
            .notes(notes)
            .build();
    RunReport.write(report, run.report());
    listener.message(
        "best validation accuracy %.2f %% (epoch %d); report: %s"
            .formatted(100 * best.metrics().accuracy(), bestEpoch, run.report()));
  }

  /**
   * The pictures of an evaluation's mistakes, small; a picture that cannot be read again is left
   * out.
   */
  public static List<ReportData.Mistake> mistakes(
      Evaluation e, Dataset data, List<String> classes) {
    List<ReportData.Mistake> out = new ArrayList<>();
    for (Evaluation.Mistake m : e.mistakes()) {
      try {
        byte[] jpeg = Thumbnail.jpeg(buffered(data.load(m.index())), THUMBNAIL);
        out.add(
            new ReportData.Mistake(
                jpeg,
                classes.get(m.truth()),
                classes.get(m.predicted()),
                m.probability(),
                data.name(m.index())));
      } catch (IOException x) {
        // The figures hold without the picture.
      }
    }
    return out;
  }

  private static BufferedImage buffered(PixelImage p) {
    BufferedImage b = new BufferedImage(p.width(), p.height(), BufferedImage.TYPE_INT_RGB);
    int c = p.channels();
    for (int i = 0; i < p.width() * p.height(); i++) {
      int r = p.data()[i * c] & 0xff;
      int g = c == 3 ? p.data()[i * c + 1] & 0xff : r;
      int bl = c == 3 ? p.data()[i * c + 2] & 0xff : r;
      b.setRGB(i % p.width(), i / p.width(), r << 16 | g << 8 | bl);
    }
    return b;
  }

  private static Map<String, String> configuration(Recipe r) {
    Map<String, String> c = new LinkedHashMap<>();
    c.put(
        "model",
        r.model() + ", width " + r.width() + ", stem " + r.stem() + ", dropout " + r.dropout());
    c.put("optimizer", r.optimizer() + ", lr " + r.lr() + ", weight decay " + r.weightDecay());
    c.put("schedule", r.scheduler() + ", " + r.epochs() + " epochs");
    c.put("batch", r.batch() + (r.accumulate() > 1 ? " times " + r.accumulate() : ""));
    c.put("label smoothing", r.labelSmoothing() + " (" + r.smoothingMode() + ")");
    c.put("augmentation", r.augment() + ", jitter " + r.jitter());
    c.put("precision", r.precision());
    c.put("seed", Long.toString(r.seed()));
    c.put("threads", Integer.toString(r.threads()));
    return c;
  }
}
