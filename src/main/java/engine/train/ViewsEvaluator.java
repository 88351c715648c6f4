package engine.train;

import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.data.Epoch;
import engine.data.transform.Transform;
import engine.train.metrics.Logits;
import engine.train.metrics.MetricsAccumulator;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * An evaluation whose answer about a picture is the mean of the probabilities over several views of
 * it. Holds one row of probabilities a picture in memory.
 */
public final class ViewsEvaluator {
  private ViewsEvaluator() {}

  /**
   * @param views preprocessing of each view
   * @param progress told the pictures done so far, over all views
   */
  public static Evaluation run(
      LoadedModel model,
      Dataset data,
      List<Transform> views,
      DataLoader.Config config,
      IntConsumer progress) {
    int classes = model.info().classes().size();
    float[] sums = new float[Math.multiplyExact(data.size(), classes)];
    int[] seen = new int[data.size()];
    long start = System.nanoTime();
    long computing = 0;
    int done = 0;
    for (Transform view : views) {
      try (DataLoader loader = new DataLoader(data, view, config);
          Epoch epoch = loader.epoch(0, 0)) {
        while (epoch.hasNext()) {
          try (Batch b = epoch.next()) {
            long t = System.nanoTime();
            float[] logits =
                model.logits(b.pixels(), b.size(), b.height(), b.width(), b.channels()).toFloats();
            computing += System.nanoTime() - t;
            add(sums, seen, logits, b.indices(), classes);
            done += b.size();
          }
          progress.accept(done);
        }
      }
    }
    return evaluation(data, sums, seen, views.size(), classes, start, done / (computing / 1e9));
  }

  private static void add(float[] sums, int[] seen, float[] logits, int[] indices, int classes) {
    for (int i = 0; i < indices.length; i++) {
      double[] p = Logits.softmax(logits, i * classes, classes);
      seen[indices[i]]++;
      for (int c = 0; c < classes; c++) {
        sums[indices[i] * classes + c] += (float) p[c];
      }
    }
  }

  /** The logarithm of a mean probability is a logit of it. */
  private static Evaluation evaluation(
      Dataset data, float[] sums, int[] seen, int views, int classes, long start, double rate) {
    MetricsAccumulator metrics = new MetricsAccumulator(classes);
    List<Evaluation.Answer> answers = new ArrayList<>();
    float[] row = new float[classes];
    for (int i = 0; i < seen.length; i++) {
      if (seen[i] == 0) {
        continue; // unreadable
      }
      for (int c = 0; c < classes; c++) {
        row[c] = (float) Math.log(Math.max(1e-30, sums[i * classes + c] / seen[i]));
      }
      int[] label = {data.label(i)};
      metrics.add(row.clone(), label);
      Evaluator.collect(answers, row, new int[] {i}, label, classes);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Evaluation(metrics.result(), List.copyOf(answers), seconds, rate / views);
  }
}
