package engine.train;

import engine.backend.Backend;
import engine.base.Setting;
import engine.base.UserError;
import engine.data.BadImages;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.recipe.Augmentation;
import engine.recipe.ExecutionMode;
import engine.recipe.Recipe;
import engine.run.ModelInfo;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * The learning-rate range test (Smith 2017, section 3.3): a few steps with a rate that grows from
 * step to step by a constant factor, until the loss runs away.
 */
public final class LrFinder {
  /** Weight of the past in the smoothed loss, as fastai has it. */
  private static final double SMOOTHING = 0.98;

  /** How far above its least the loss must be for the test to end early. */
  private static final double RUNAWAY = 4;

  private LrFinder() {}

  /**
   * A step of the test.
   *
   * @param loss of its batch
   * @param smoothed exponential average of the losses so far, its bias corrected
   */
  public record Point(double lr, double loss, double smoothed) {}

  /**
   * @param valley a rate to train with: in the middle of the longest fall of the smoothed loss
   * @param lowest the rate at the least smoothed loss: too high to train with
   */
  public record Result(List<Point> points, double valley, double lowest) {}

  /**
   * Rates that grow by one factor a step.
   *
   * @param from first rate, above 0
   * @param to last rate, above {@code from}
   * @param steps at least 10
   */
  public record Sweep(double from, double to, int steps) {
    double rate(int step) {
      return from * Math.pow(to / from, (double) step / (steps - 1));
    }
  }

  /**
   * Trains throw-away weights.
   *
   * @param progress told the steps done
   */
  public static Result run(
      Backend backend,
      Recipe r,
      Datasets.Split data,
      ModelInfo info,
      int workers,
      Sweep sweep,
      IntConsumer progress)
      throws IOException {
    var config =
        new DataLoader.Config(
            Math.min(r.schedule().batch(), data.train().size()),
            true,
            true,
            r.compute().seed(),
            workers,
            2,
            false);
    float[] classWeights = r.loss().balance().weights(data.train());
    TrainingPictures.requireFeatures(r, info, data.train().size());
    MemoryNeed.requireTraining(backend, r, info, config.batchSize());
    try (Network model = info.model().create(backend, new SplittableRandom(r.compute().seed()));
        DataLoader loader =
            new DataLoader(
                data.train(),
                Augmentation.training(r, info.preprocessing()),
                config,
                new BadImages.Limit(data.train().size(), config.allowBadImages()),
                r.loss().balance().sampler(data.train(), r.compute().seed()))) {
      if (r.model().weights() != null) {
        InitialWeights.load(backend, model, r.model().weights(), _ -> {});
      }
      new Freezing(model, r.schedule().fineTuning()).apply(0);
      try (Optimizer optimizer = OptimizerFactory.of(backend, r, model);
          TrainingStep step =
              new TrainingStep(
                  backend,
                  model,
                  optimizer,
                  r,
                  info.preprocessing().normalization(),
                  new TrainingStep.Additions(null, classWeights, null),
                  ExecutionMode.PLANNED)) {
        ZeroWeights zeros = new ZeroWeights(r, classWeights);
        return result(points(loader, optimizer, step, zeros, sweep, progress));
      }
    }
  }

  private static List<Point> points(
      DataLoader loader,
      Optimizer optimizer,
      TrainingStep step,
      ZeroWeights zeros,
      Sweep sweep,
      IntConsumer progress) {
    List<Point> out = new ArrayList<>();
    double average = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int epoch = 0; out.size() < sweep.steps; epoch++) {
      try (BatchesAhead batches = new BatchesAhead(loader.epoch(epoch, 0), step)) {
        while (batches.hasNext() && out.size() < sweep.steps) {
          int i = out.size();
          double lr = sweep.rate(i);
          optimizer.setLr(lr);
          try (Batch b = batches.next()) {
            double loss = step.run(b, i, TrainingStep.Part.WHOLE, batches::fetch);
            zeros.check(loss, b.labels(), "at step %,d".formatted(i + 1));
            average = SMOOTHING * average + (1 - SMOOTHING) * loss;
            double smoothed = average / (1 - Math.pow(SMOOTHING, i + 1));
            least = Math.min(least, smoothed);
            if (out.isEmpty() && !Double.isFinite(loss)) {
              throw new UserError(
                  "the loss is %s before the first step, so no rate is to blame: %s"
                      .formatted(
                          loss, new DivergenceAdvice(zeros.recipe(), false).beforeAnyStep()));
            }
            if (!Double.isFinite(loss) || smoothed > RUNAWAY * least) {
              return out;
            }
            out.add(new Point(lr, loss, smoothed));
            progress.accept(out.size());
          }
        }
      }
    }
    return out;
  }

  static Result result(List<Point> points) {
    if (points.size() < 3) {
      throw new UserError("the loss ran away at once: begin with a lower rate, " + Setting.FROM);
    }
    int low = 0;
    for (int i = 1; i < points.size(); i++) {
      low = points.get(i).smoothed() < points.get(low).smoothed() ? i : low;
    }
    return new Result(List.copyOf(points), points.get(valley(points)).lr(), points.get(low).lr());
  }

  /**
   * The middle of the longest falling subsequence of the smoothed losses, as fastai's {@code
   * valley} has it: noise at the first steps, which is steep too, does not mislead it.
   */
  private static int valley(List<Point> points) {
    int[] length = new int[points.size()];
    int end = 0;
    for (int i = 0; i < length.length; i++) {
      length[i] = 1;
      for (int j = 0; j < i; j++) {
        if (points.get(i).smoothed() < points.get(j).smoothed()) {
          length[i] = Math.max(length[i], length[j] + 1);
        }
      }
      end = length[i] > length[end] ? i : end;
    }
    int start = Math.max(0, end - length[end]);
    int third = (end - start) / 3;
    return start + third + third / 2;
  }
}
