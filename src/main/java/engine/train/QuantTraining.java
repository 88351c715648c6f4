package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.BadImages;
import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.model.Network;
import engine.optim.Optimizer;
import engine.optim.schedule.LrSchedule;
import engine.quant.QuantizerSet;

/**
 * A short training from a finished model, with its layers rounded as an int8 network rounds them,
 * or in plain fp32 for comparison: the same loop, the same data, the same steps.
 */
final class QuantTraining {
  /** Told after each batch. */
  interface Progress {
    void batch(int epoch, int done, int of, float loss);
  }

  /**
   * When the last epochs stop moving what the int8 network will hold fixed (Krishnamoorthi 2018,
   * section 3.2): norms' statistics first, then ranges.
   *
   * @param freezeNorms the epoch, from 0, from which norms use their running statistics
   * @param freezeObservers the epoch from which ranges stay
   */
  record Freezing(int freezeNorms, int freezeObservers) {
    /** Everything moves to the end. */
    static final Freezing NEVER = new Freezing(Integer.MAX_VALUE, Integer.MAX_VALUE);
  }

  private final Backend backend;
  private final Recipe recipe;
  private final ModelInfo info;
  private final Dataset train;
  private final int workers;

  QuantTraining(Backend backend, Recipe recipe, ModelInfo info, Dataset train, int workers) {
    this.backend = backend;
    this.recipe = recipe;
    this.info = info;
    this.train = train;
    this.workers = workers;
  }

  /**
   * Trains {@code model} for the recipe's epochs.
   *
   * @param quantizers null for plain fp32; they stay in place afterwards
   */
  void run(Network model, QuantizerSet quantizers, Freezing freezing, Progress progress) {
    model.quantize(quantizers);
    // As in training: a last batch of one picture has no statistics.
    boolean one = train.size() > recipe.batch() && train.size() % recipe.batch() == 1;
    DataLoader.Config config =
        new DataLoader.Config(recipe.batch(), true, one, recipe.seed(), workers, 2, false);
    long steps = 0;
    try (DataLoader loader =
            new DataLoader(
                train,
                Augmentation.training(recipe, info.preprocessing()),
                config,
                new BadImages.Limit(train.size(), false),
                recipe.balance().sampler(train, recipe.seed()));
        Optimizer optimizer = Optimizers.of(backend, recipe, model)) {
      LrSchedule schedule = Optimizers.schedule(recipe, loader.batches());
      int epoch = 0;
      while (epoch < recipe.epochs()) {
        // What is frozen is part of a recorded step: each phase records its own.
        boolean norms = epoch >= freezing.freezeNorms();
        boolean ranges = epoch >= freezing.freezeObservers();
        model.freezeNorms(quantizers != null && norms);
        if (quantizers != null) {
          quantizers.observe(!ranges);
        }
        try (TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                recipe,
                info.preprocessing().normalization(),
                null,
                recipe.balance().weights(train),
                null,
                Execution.PLANNED)) {
          do {
            steps = epoch(loader, step, optimizer, schedule, epoch++, steps, progress);
          } while (epoch < recipe.epochs()
              && epoch != freezing.freezeNorms()
              && epoch != freezing.freezeObservers());
        }
      }
    } finally {
      model.freezeNorms(false);
    }
  }

  private long epoch(
      DataLoader loader,
      TrainingStep step,
      Optimizer optimizer,
      LrSchedule schedule,
      int epoch,
      long stepsBefore,
      Progress progress) {
    long steps = stepsBefore;
    int done = 0;
    optimizer.setWeightDecay(recipe.weightDecay(epoch));
    try (BatchesAhead batches = new BatchesAhead(loader.epoch(epoch, 0), step)) {
      while (batches.hasNext()) {
        optimizer.setLr(schedule.lr(recipe.schedulePerStep() ? steps : epoch));
        try (Batch b = batches.next()) {
          float loss = step.run(b, steps++, TrainingStep.Part.WHOLE, batches::fetch);
          if (!Float.isFinite(loss)) {
            throw new UserError(
                "the loss became %s at epoch %d, batch %d: lower --lr"
                    .formatted(loss, epoch + 1, done + 1));
          }
          progress.batch(epoch + 1, ++done, loader.batches(), loss);
        }
      }
    }
    return steps;
  }
}
