package engine.eval;

import engine.base.UserError;
import engine.console.Units;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.infer.LoadedModel;
import engine.metrics.Logits;
import engine.metrics.MetricsAccumulator;
import engine.tensor.HostTensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/** Runs a model over a dataset and gathers the figures. */
public final class Evaluator {
  private Evaluator() {}

  /**
   * @param progress told the samples done so far
   */
  public static Evaluation run(LoadedModel model, DataLoader loader, IntConsumer progress) {
    return run(model, loader, progress, () -> false, AnswerSink.NONE);
  }

  /**
   * The same, ended early with null when {@code stop} becomes true.
   *
   * @throws UserError if no picture can be read
   */
  public static Evaluation run(
      LoadedModel model, DataLoader loader, IntConsumer progress, BooleanSupplier stop) {
    return run(model, loader, progress, stop, AnswerSink.NONE);
  }

  /**
   * The same.
   *
   * @param sink told every answer
   */
  public static Evaluation run(
      LoadedModel model,
      DataLoader loader,
      IntConsumer progress,
      BooleanSupplier stop,
      AnswerSink sink) {
    int classes = model.info().classes().size();
    MetricsAccumulator metrics = new MetricsAccumulator(classes);
    List<Evaluation.Answer> answers = new ArrayList<>();
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
          float[] rows = logits.toFloats();
          collect(answers, rows, b.indices(), b.labels(), classes);
          tell(sink, rows, b, classes);
          done += b.size();
        }
        progress.accept(done);
        if (stop.getAsBoolean()) {
          return null;
        }
      }
    }
    if (done == 0) {
      throw new UserError(
          "none of the %s to evaluate can be read; the first is %s: put back what was there, or name other pictures"
              .formatted(
                  Units.count(loader.dataset().size(), "picture"),
                  loader.badImages().list().getFirst()));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Evaluation(
        metrics.result(), List.copyOf(answers), seconds, done / (computing / 1e9));
  }

  private static void tell(AnswerSink sink, float[] logits, Batch b, int classes) {
    if (sink == AnswerSink.NONE) {
      return;
    }
    try {
      for (int i = 0; i < b.labels().length; i++) {
        sink.add(
            new AnswerSink.Said(
                b.indices()[i],
                b.labels()[i],
                Logits.argmax(logits, i * classes, classes),
                Logits.softmax(logits, i * classes, classes),
                1));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends the answers that rows of logits [N, classes] stand for. */
  static void collect(
      List<Evaluation.Answer> to, float[] logits, int[] indices, int[] labels, int classes) {
    for (int i = 0; i < labels.length; i++) {
      int answer = Logits.argmax(logits, i * classes, classes);
      double[] p = Logits.softmax(logits, i * classes, classes);
      double next = 0;
      for (int c = 0; c < classes; c++) {
        next = c != answer && p[c] > next ? p[c] : next;
      }
      to.add(
          new Evaluation.Answer(
              indices[i], labels[i], answer, (float) p[answer], (float) (p[answer] - next)));
    }
  }
}
