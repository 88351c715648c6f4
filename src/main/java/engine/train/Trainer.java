package engine.train;

import engine.backend.Backend;
import engine.base.UserError;
import engine.data.BadImages;
import engine.data.Batch;
import engine.data.DataLoader;
import engine.data.Dataset;
import engine.data.Datasets;
import engine.data.Epoch;
import engine.model.ResNet;
import engine.model.ResNetConfig;
import engine.optim.Optimizer;
import engine.optim.schedule.LrSchedule;
import engine.report.EpochMetrics;
import engine.weights.SafeTensors;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The loop: epochs of steps, an evaluation after each, a checkpoint, the logs. A run that was
 * killed goes on from its last checkpoint with the same bits it would have had.
 */
public final class Trainer implements AutoCloseable {
  private final Backend backend;
  private final Recipe recipe;
  private final RunFolder run;
  private final Datasets.Split data;
  private final ModelInfo info;
  private final TrainingListener listener;
  private final boolean eager;
  private final ResNet model;
  private final Optimizer optimizer;
  private final LrSchedule schedule;
  private final DataLoader train;
  private final DataLoader val;
  private BooleanSupplier stop = () -> false;

  /**
   * @param workers threads that decode
   * @param eager run every step op by op rather than replay a recorded one
   * @param allowBadImages whether to go on however many pictures cannot be read
   */
  public Trainer(
      Backend backend,
      Recipe recipe,
      RunFolder run,
      Datasets.Split data,
      ModelInfo info,
      int workers,
      boolean allowBadImages,
      boolean eager,
      TrainingListener listener) {
    this.backend = backend;
    this.recipe = recipe;
    this.run = run;
    this.data = data;
    this.info = info;
    this.listener = listener;
    this.eager = eager;
    ResNetConfig config = info.model();
    model = new ResNet(backend, config, new SplittableRandom(recipe.seed()));
    optimizer = Optimizers.of(backend, recipe, model);
    train =
        new DataLoader(
            data.train(),
            Augmentation.training(recipe, info.preprocessing()),
            new DataLoader.Config(
                recipe.batch(),
                true,
                leavesOne(data.train()),
                recipe.seed(),
                workers,
                2,
                allowBadImages));
    val =
        new DataLoader(
            data.val(),
            info.preprocessing().evalTransform(),
            new DataLoader.Config(evalBatch(recipe), false, false, 0, workers, 2, allowBadImages));
    long batches = train.batches();
    schedule = Optimizers.schedule(recipe, batches);
  }

  /** A last batch of one picture has no batch statistics: it is left out. */
  private boolean leavesOne(Dataset d) {
    return d.size() > recipe.batch() && d.size() % recipe.batch() == 1;
  }

  static int evalBatch(Recipe r) {
    return Math.max(1, Math.min(64, r.batch()));
  }

  public ResNet model() {
    return model;
  }

  /** Overwrites the initial weights with those of a checkpoint of the same model. */
  public void initializeFrom(Path weights) throws IOException {
    model.loadStateDict(backend, SafeTensors.read(LoadedModel.find(weights)).tensors());
  }

  /**
   * Trains to the end of the recipe.
   *
   * @param resume go on from the run folder's last checkpoint
   * @param stop asked between two batches: whether to save and end
   * @return the evaluation of the best epoch's model, or null if the run was asked to stop
   */
  public Evaluation run(boolean resume, BooleanSupplier stop) throws IOException {
    this.stop = stop;
    Checkpoint.State state = resume ? restore() : Checkpoint.State.start();
    try (TrainingStep step =
            new TrainingStep(
                backend, model, optimizer, recipe, info.preprocessing().normalization(), eager);
        RunLogs logs = RunLogs.open(run, state, resume)) {
      logs.samples(train, info, state);
      while (state.epoch() < recipe.epochs()) {
        int epoch = state.epoch();
        long began = System.nanoTime();
        state = trainEpoch(step, state);
        double trainSeconds = (System.nanoTime() - began) / 1e9;
        if (stop.getAsBoolean()) {
          save(state, "epoch-%04d-batch-%06d".formatted(epoch + 1, state.batchInEpoch()), false);
          listener.message("stopped and saved: go on with --resume " + run.root());
          return null;
        }
        Evaluation evaluation = evaluate(epoch);
        double accuracy = evaluation.metrics().accuracy();
        boolean best = accuracy > state.bestAccuracy();
        double seconds = (System.nanoTime() - began) / 1e9;
        EpochMetrics m = metrics(epoch, state, evaluation, trainSeconds, seconds);
        state =
            nextEpoch(
                state,
                best ? accuracy : state.bestAccuracy(),
                best ? epoch : state.bestEpoch(),
                seconds);
        save(state, "epoch-%04d".formatted(epoch + 1), best);
        logs.epoch(m, state.step());
        listener.epoch(m, recipe.epochs(), best);
        if (recipe.patience() > 0 && epoch - state.bestEpoch() >= recipe.patience()) {
          listener.message(
              "no better validation accuracy for " + recipe.patience() + " epochs: stopping early");
          break;
        }
      }
    }
    return best();
  }

  /** The evaluation of the best checkpoint. */
  private Evaluation best() throws IOException {
    try (LoadedModel m = LoadedModel.load(backend, run.best(), recipe.precision().equals("amp"))) {
      return Evaluator.run(m, val, _ -> {});
    }
  }

  private Checkpoint.State restore() throws IOException {
    Path last = run.last();
    if (last == null) {
      listener.message("no checkpoint yet in " + run.root() + ": starting from the beginning");
      return Checkpoint.State.start();
    }
    Checkpoint.State state = Checkpoint.load(last, backend, model, optimizer);
    if (state.bestEpoch() == state.epoch() - 1 && state.batchInEpoch() == 0) {
      run.setBest(last); // the kill may have come between the two pointers
    }
    listener.message(
        "resuming from "
            + last
            + " at epoch "
            + (state.epoch() + 1)
            + ", batch "
            + state.batchInEpoch());
    return state;
  }

  private Checkpoint.State trainEpoch(TrainingStep step, Checkpoint.State from) {
    Checkpoint.State s = from;
    int epoch = s.epoch();
    int batches = train.batches();
    optimizer.setWeightDecay(recipe.weightDecay(epoch));
    try (Epoch batchesOfEpoch = train.epoch(epoch, s.batchInEpoch())) {
      while (batchesOfEpoch.hasNext() && !stop.getAsBoolean()) {
        double lr = schedule.lr(recipe.schedulePerStep() ? s.step() / recipe.accumulate() : epoch);
        optimizer.setLr(lr);
        try (Batch b = batchesOfEpoch.next()) {
          boolean last = s.batchInEpoch() + 1 == batches;
          float loss = step.run(b, s.step(), last);
          if (!Float.isFinite(loss)) {
            throw new UserError(
                "the loss became "
                    + loss
                    + " at epoch "
                    + (epoch + 1)
                    + ", batch "
                    + (s.batchInEpoch() + 1)
                    + ": lower --lr (it is "
                    + lr
                    + ") or set --clip-norm 1; earlier checkpoints are untouched");
          }
          s =
              new Checkpoint.State(
                  epoch,
                  s.batchInEpoch() + 1,
                  s.step() + 1,
                  s.lossSum() + (double) loss * b.size(),
                  s.images() + b.size(),
                  s.bestAccuracy(),
                  s.bestEpoch(),
                  s.seconds());
          listener.batch(
              epoch + 1, recipe.epochs(), s.batchInEpoch(), batches, s.images(), loss, lr);
        }
      }
    }
    return s;
  }

  private Evaluation evaluate(int epoch) {
    LoadedModel m = new LoadedModel(backend, model, info, recipe.precision().equals("amp"));
    try {
      return Evaluator.run(m, val, done -> listener.validating(epoch + 1, done, data.val().size()));
    } finally {
      m.release();
    }
  }

  private EpochMetrics metrics(
      int epoch, Checkpoint.State s, Evaluation e, double trainSeconds, double seconds) {
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("val_macro_f1", e.metrics().macro().f1());
    extra.put("weight_decay", recipe.weightDecay(epoch));
    extra.put("memory_peak_mb", backend.memory().peakBytes() / 1e6);
    return new EpochMetrics(
        epoch + 1,
        s.lossSum() / s.images(),
        e.metrics().logLoss(),
        e.metrics().accuracy(),
        optimizer.lr(0),
        s.images() / trainSeconds,
        seconds,
        extra);
  }

  private static Checkpoint.State nextEpoch(
      Checkpoint.State s, double bestAccuracy, int bestEpoch, double seconds) {
    return new Checkpoint.State(
        s.epoch() + 1, 0, s.step(), 0, 0, bestAccuracy, bestEpoch, s.seconds() + seconds);
  }

  private void save(Checkpoint.State state, String name, boolean best) throws IOException {
    Path folder = Checkpoint.save(run, name, backend, model, info, optimizer, state);
    run.setLast(folder);
    if (best) {
      run.setBest(folder);
    }
    run.prune();
  }

  /** Pictures that could not be read so far. */
  public BadImages badImages() {
    return train.badImages();
  }

  @Override
  public void close() {
    train.close();
    val.close();
    optimizer.close();
    model.close();
  }
}
