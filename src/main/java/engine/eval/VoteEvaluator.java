package engine.eval;

import engine.base.UserError;
import engine.console.Units;
import engine.data.BadImages.BadImage;
import engine.data.Dataset;
import engine.data.loader.DataLoader;
import engine.infer.Ensemble;
import engine.infer.LoadedModel;
import engine.infer.Views;
import engine.infer.Vote;
import engine.metrics.ClassificationMetrics;
import engine.metrics.MetricsAccumulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/** An evaluation whose answers several models, or several views of a picture, make together. */
public final class VoteEvaluator {
  /**
   * Share of the mean probability in a hard vote's score: it only decides between equal votes, in
   * the figures as in {@link Vote}.
   */
  private static final double TIE = 1e-6;

  /** The least probability that has a logarithm here: a picture costs at most 69 nats. */
  private static final double LEAST = 1e-30;

  private VoteEvaluator() {}

  /**
   * @param evaluation of the answers together
   * @param agreement mean share of the models whose own answer is the one that won
   * @param unanimous share of the pictures on which all models gave the same answer
   * @param alone the figures of each model by itself
   * @param leftOut pictures that could not be read
   */
  public record Result(
      Evaluation evaluation,
      double agreement,
      double unanimous,
      List<Alone> alone,
      List<BadImage> leftOut) {
    /** Of a single model, which agrees with itself. */
    public static Result of(Evaluation evaluation, List<BadImage> leftOut) {
      return new Result(evaluation, 1, 1, List.of(Alone.of(evaluation.metrics())), leftOut);
    }
  }

  /** What a model that votes is worth by itself. */
  public record Alone(double accuracy, double macroF1, double logLoss) {
    static Alone of(ClassificationMetrics m) {
      return new Alone(m.accuracy(), m.macro().f1(), m.logLoss());
    }
  }

  /**
   * Holds one row of probabilities a picture and model in memory.
   *
   * @param views of each picture, whose probabilities a model averages before it votes
   * @param progress told the pictures done so far, over all views and models
   * @param sink told every answer
   */
  public static Result run(
      Ensemble models,
      Dataset data,
      Views views,
      DataLoader.Config config,
      IntConsumer progress,
      AnswerSink sink) {
    long start = System.nanoTime();
    List<ClassProbabilities> said = new ArrayList<>();
    for (LoadedModel m : models.models()) {
      var seen = views.of(m.info().preprocessing());
      int before = said.size() * seen.size() * data.size();
      said.add(ClassProbabilities.of(m, data, seen, config, n -> progress.accept(before + n)));
    }
    Count count = new Count(models, data, said);
    for (int i = 0; i < data.size(); i++) {
      count.add(i, sink);
    }
    return count.result((System.nanoTime() - start) / 1e9);
  }

  private static final class Count {
    private final Ensemble models;
    private final Dataset data;
    private final List<ClassProbabilities> said;
    private final int classes;
    private final MetricsAccumulator metrics;
    private final List<Evaluation.Answer> answers = new ArrayList<>();
    private final List<MetricsAccumulator> alone;
    private double agreement;
    private int unanimous;

    Count(Ensemble models, Dataset data, List<ClassProbabilities> said) {
      this.models = models;
      this.data = data;
      this.said = said;
      this.classes = models.classes().size();
      this.metrics = new MetricsAccumulator(classes);
      this.alone = said.stream().map(_ -> new MetricsAccumulator(classes)).toList();
    }

    void add(int sample, AnswerSink sink) {
      double[][] rows = said.stream().map(p -> p.row(sample)).toArray(double[][]::new);
      for (double[] row : rows) {
        if (row == null) {
          return; // unreadable
        }
      }
      Vote.Verdict verdict = models.vote().decide(rows);
      agreement += verdict == null ? 0 : verdict.agreement();
      unanimous += verdict != null && verdict.agreement() == 1 ? 1 : 0;
      int[] label = {data.label(sample)};
      for (int m = 0; m < rows.length; m++) {
        alone.get(m).add(logarithms(rows[m]), label);
      }
      float[] logits = logits(verdict, rows);
      metrics.add(logits.clone(), label);
      Evaluator.collect(answers, logits, new int[] {sample}, label, classes);
      try {
        sink.add(
            new AnswerSink.Said(
                sample,
                label[0],
                answers.getLast().predicted(),
                verdict.scores(),
                verdict.agreement()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static float[] logarithms(double[] probabilities) {
      float[] out = new float[probabilities.length];
      for (int c = 0; c < out.length; c++) {
        // Of a model that has no answer, NaN counts as never.
        out[c] = (float) Math.log(probabilities[c] > LEAST ? probabilities[c] : LEAST);
      }
      return out;
    }

    /** The logarithm of a probability is a logit of it; without an answer none is a number. */
    private float[] logits(Vote.Verdict verdict, double[][] rows) {
      float[] out = new float[classes];
      if (verdict == null) {
        Arrays.fill(out, Float.NaN);
        return out;
      }
      for (int c = 0; c < classes; c++) {
        double p = verdict.scores()[c];
        if (models.vote().mode() == Vote.Mode.HARD) {
          for (int m = 0; m < rows.length; m++) {
            p += Double.isNaN(rows[m][c]) ? 0 : TIE * models.vote().weights().get(m) * rows[m][c];
          }
        }
        out[c] = (float) Math.log(Math.max(LEAST, p));
      }
      return out;
    }

    Result result(double seconds) {
      int n = answers.size();
      List<BadImage> leftOut = said.getFirst().leftOut();
      if (n == 0) {
        throw new UserError(
            "none of the %s to evaluate can be read; the first is %s: put back what was there, or name other pictures"
                .formatted(Units.count(data.size(), "picture"), leftOut.getFirst()));
      }
      double computing = said.stream().mapToDouble(ClassProbabilities::seconds).sum();
      return new Result(
          new Evaluation(metrics.result(), List.copyOf(answers), seconds, n / computing),
          agreement / n,
          (double) unanimous / n,
          alone.stream().map(a -> Alone.of(a.result())).toList(),
          leftOut);
    }
  }
}
