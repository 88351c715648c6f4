package engine.train;

import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Epoch;
import engine.tensor.HostTensor;
import engine.train.metrics.Logits;
import engine.train.metrics.MetricsAccumulator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;

/** Runs a model over a dataset and gathers the figures. */
public final class Evaluator {
  private static final int MISTAKES = 24;

  private Evaluator() {}

  /**
   * @param progress told the samples done so far
   */
  public static Evaluation run(LoadedModel model, DataLoader loader, IntConsumer progress) {
    int classes = model.info().classes().size();
    MetricsAccumulator metrics = new MetricsAccumulator(classes);
    List<Evaluation.Mistake> mistakes = new ArrayList<>();
    long start = System.nanoTime();
    long computing = 0;
    int done = 0;
    try (Epoch epoch = loader.epoch(0, 0)) {
      while (epoch.hasNext()) {
        try (Batch b = epoch.next()) {
          long t = System.nanoTime();
          HostTensor logits =
              model.logits(b.pixels(), b.size(), b.height(), b.width(), b.channels());
          computing += System.nanoTime() - t;
          metrics.add(logits, b.labels());
          collect(mistakes, logits.toFloats(), b, classes);
          done += b.size();
        }
        progress.accept(done);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Evaluation(
        metrics.result(), List.copyOf(mistakes), seconds, done / (computing / 1e9));
  }

  private static void collect(List<Evaluation.Mistake> all, float[] logits, Batch b, int classes) {
    for (int i = 0; i < b.size(); i++) {
      int answer = Logits.argmax(logits, i * classes, classes);
      if (answer != b.labels()[i]) {
        double p = Logits.softmax(logits, i * classes, classes)[answer];
        all.add(new Evaluation.Mistake(b.indices()[i], b.labels()[i], answer, p));
      }
    }
    all.sort(Comparator.comparingDouble(Evaluation.Mistake::probability).reversed());
    if (all.size() > MISTAKES) {
      all.subList(MISTAKES, all.size()).clear();
    }
  }
}
