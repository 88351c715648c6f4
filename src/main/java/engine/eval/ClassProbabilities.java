package engine.eval;

import engine.data.BadImages.BadImage;
import engine.data.Dataset;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.data.transform.Transform;
import engine.infer.LoadedModel;
import engine.metrics.Logits;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * What a model says about every sample of a dataset, as the mean over several views of each: one
 * row of probabilities a sample, all in memory.
 */
final class ClassProbabilities {
  private final int classes;
  private final float[] sums;
  private final int[] views;
  private List<BadImage> leftOut = List.of();
  private double seconds;
  private int answered;

  private ClassProbabilities(int samples, int classes) {
    this.classes = classes;
    this.sums = new float[Math.multiplyExact(samples, classes)];
    this.views = new int[samples];
  }

  /**
   * @param views preprocessing of each view
   * @param progress told the pictures done so far, over all views
   */
  static ClassProbabilities of(
      LoadedModel model,
      Dataset data,
      List<Transform> views,
      DataLoader.Config config,
      IntConsumer progress) {
    ClassProbabilities p = new ClassProbabilities(data.size(), model.info().classes().size());
    for (Transform view : views) {
      try (DataLoader loader = new DataLoader(data, view, config);
          Epoch epoch = loader.epoch(0, 0)) {
        while (epoch.hasNext()) {
          try (Batch b = epoch.next()) {
            p.add(model, b);
          }
          progress.accept(p.answered);
        }
        p.leftOut = loader.badImages().list();
      }
    }
    return p;
  }

  private void add(LoadedModel model, Batch b) {
    long start = System.nanoTime();
    float[] logits =
        model.logits(b.pixels(), b.size(), b.height(), b.width(), b.channels()).toFloats();
    seconds += (System.nanoTime() - start) / 1e9;
    answered += b.size();
    int[] indices = b.indices();
    for (int i = 0; i < indices.length; i++) {
      double[] p = Logits.softmax(logits, i * classes, classes);
      views[indices[i]]++;
      for (int c = 0; c < classes; c++) {
        sums[indices[i] * classes + c] += (float) p[c];
      }
    }
  }

  /** The row of a sample, or null if it could not be read. */
  double[] row(int sample) {
    if (views[sample] == 0) {
      return null;
    }
    double[] row = new double[classes];
    for (int c = 0; c < classes; c++) {
      row[c] = sums[sample * classes + c] / (double) views[sample];
    }
    return row;
  }

  /** What could not be read. */
  List<BadImage> leftOut() {
    return leftOut;
  }

  /** Seconds in the model alone. */
  double seconds() {
    return seconds;
  }
}
