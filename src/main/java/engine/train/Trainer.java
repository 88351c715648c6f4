package engine.train;

import engine.backend.Backend;
import engine.data.BadImages.BadImage;
import engine.data.Datasets;
import engine.data.loader.Batch;
import engine.data.loader.DataLoader;
import engine.data.loader.Epoch;
import engine.eval.Evaluation;
import engine.eval.Evaluator;
import engine.infer.LoadedModel;
import engine.model.Network;
import engine.optim.LossScaler;
import engine.optim.Optimizer;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.report.EpochMetrics;
import engine.run.Checkpoint;
import engine.run.DataFingerprint;
import engine.run.ModelAverage;
import engine.run.ModelInfo;
import engine.run.RunFolder;
import engine.run.RunLock;
import engine.run.TrainingListener;
import engine.run.TrainingState;
import engine.train.budget.BudgetWatch;
import engine.weights.AtomicFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/**
 * The loop: epochs of steps, an evaluation after each, a checkpoint, the logs. A run that was
 * killed goes on from its last checkpoint with the same bits it would have had: see {@link Resume}.
 */
public final class Trainer implements AutoCloseable {
  private final Backend backend;
  private final Recipe recipe;
  private final RunFolder run;
  private final ModelInfo info;
  private final TrainingListener listener;
  private final TrainerOptions how;
  private final Precision precision;
  private final DataFingerprint data;
  private final Network model;
  private final Optimizer optimizer;
  private final Freezing freezing;
  private final float[] classWeights;
  private final Course course;
  private final TrainingPictures pictures;
  private final DataLoader train;
  private ModelAverage average;
  private QuantTraining tuning = QuantTraining.NONE;
  private BudgetWatch watch;
  private TimeKeeper time;
  private BooleanSupplier stop = () -> false;
  private boolean begun;

  public Trainer(
      Backend backend,
      Recipe recipe,
      RunFolder run,
      Datasets.Split data,
      ModelInfo info,
      TrainerOptions how,
      TrainingListener listener) {
    this.backend = backend;
    this.recipe = recipe;
    this.run = run;
    this.info = info;
    this.listener = listener;
    this.how = how;
    this.precision = Precision.of(recipe.compute().precision(), backend, listener::message);
    this.data = DataFingerprint.of(data);
    pictures = new TrainingPictures(backend, recipe, info, data, how);
    train = pictures.train();
    classWeights = recipe.loss().balance().weights(data.train());
    course = new Course(recipe, train.batches());
    model = info.model().create(backend, new SplittableRandom(recipe.compute().seed()));
    optimizer = OptimizerFactory.of(backend, recipe, model);
    freezing = new Freezing(model, recipe.schedule().fineTuning());
  }

  public Network model() {
    return model;
  }

  /** What the run computes in, which {@code amp} leaves to the device. */
  public Precision precision() {
    return precision;
  }

  /** The recipe as it was run: its timetable may have changed on the way. */
  public Recipe recipe() {
    return course.recipe();
  }

  /** Keeps a run that has a timetable within its time; before anything is run. */
  public void keepWithin(BudgetWatch of) {
    watch = of;
  }

  /** Trains a finished model on; before anything is run. */
  public void tune(QuantTraining how) {
    tuning = how;
    tuning.attach(model);
  }

  /**
   * Trains to the end of the recipe. The run folder is made once all else is known to be right.
   *
   * @param resume go on from the run folder's last checkpoint
   * @param stop asked between two steps: whether to save and end
   * @return the evaluation of the best epoch's model, or null if the run was asked to stop
   */
  public Evaluation run(boolean resume, BooleanSupplier stop) throws IOException {
    return train(resume, stop) ? best() : null;
  }

  /** The same without the evaluation: the model is left as the last epoch made it. */
  public boolean train(boolean resume, BooleanSupplier stop) throws IOException {
    this.stop = stop;
    time = new TimeKeeper(watch, course, run, listener);
    if (!resume) {
      initialize();
    }
    beginAverage();
    try (RunLock _ = run.lock();
        TrainingStep step =
            new TrainingStep(
                backend,
                model,
                optimizer,
                recipe,
                info.preprocessing().normalization(),
                new TrainingStep.Additions(
                    pictures.late(), classWeights, average == null ? null : average.ema()),
                how.execution())) {
      if (!resume) {
        run.requireUnused(); // another process may have begun and ended in it since
      }
      TrainingState state = resume ? restore(step) : TrainingState.start(data);
      pictures.list(run, resume, tuning.anewOrAllTheSame(run), listener);
      AtomicFiles.writeString(run.config(), tuning.config(recipe).toJson());
      try (RunLogs logs = RunLogs.open(run, state, resume, listener::message)) {
        logs.samples(pictures.train(course.side(0)), pictures.late(), state);
        explain();
        begun = true;
        return epochs(step, state, logs);
      }
    }
  }

  /** Whether training has begun, so that what ends it now leaves a run to go on with. */
  public boolean hasBegun() {
    return begun;
  }

  /** What a reader of the log may want to know about how steps run. */
  private void explain() {
    freezing.apply(0, course.isOfHead(0, 0));
    if (!freezing.describe().isEmpty()) {
      listener.message(freezing.describe());
    }
    if (!course.surprise().isEmpty()) {
      listener.message(course.surprise());
    }
    if (recipe.schedule().accumulate() > 1 && !how.execution().eager()) {
      listener.debug(
          "steps run op by op: gradients that several batches share are not in a recorded step");
    }
  }

  private void initialize() throws IOException {
    if (tuning.start(backend, model)) {
      return;
    }
    if (recipe.model().weights() != null) {
      InitialWeights.load(backend, model, recipe.model().weights(), listener::message);
    }
  }

  /** The average starts from the weights as they are now. */
  private void beginAverage() {
    if (recipe.augment().regularization().hasEma()) {
      average = new ModelAverage(backend, model, recipe.augment().regularization().ema());
    }
  }

  /** Returns false if the run was asked to stop. */
  private boolean epochs(TrainingStep step, TrainingState from, RunLogs logs) throws IOException {
    TrainingState state = from;
    Validation validation =
        new Validation(backend, model, info, precision, pictures.val(), listener);
    var advice = new DivergenceAdvice(recipe, tuning != QuantTraining.NONE);
    OverflowWatch overflow =
        new OverflowWatch(
            backend, step, recipe, classWeights, advice, listener, how.nameOverflows());
    EpochTraining training =
        new EpochTraining(
            step,
            overflow,
            new EpochTraining.Pieces(model, optimizer, freezing, average, tuning, pictures, course),
            time,
            listener,
            stop);
    DivergenceCheck divergence = new DivergenceCheck(backend, model);
    while (!isFinished(state)) {
      int epoch = state.epoch();
      long began = System.nanoTime();
      long imagesBefore = state.images();
      state = training.run(state);
      divergence.require("in epoch " + (epoch + 1), advice.lower(course.rate(epoch, 0)));
      time.judging();
      double trainSeconds = (System.nanoTime() - began) / 1e9;
      Validation.Scores scores =
          stop.getAsBoolean() ? null : tuning.still(() -> validation.run(epoch, average, stop));
      if (scores == null) {
        save(
            step, state, "epoch-%04d-batch-%06d".formatted(epoch + 1, state.batchInEpoch()), false);
        listener.message("stopped and saved: go on with " + tuning.resumption(run));
        return false;
      }
      double imagesPerSecond = (state.images() - imagesBefore) / trainSeconds;
      double seconds = (System.nanoTime() - began) / 1e9;
      EpochMetrics m = metrics(step, state, scores, imagesPerSecond, seconds);
      boolean best = state.isBest(m.valAccuracy());
      state = state.afterEpoch(m.valAccuracy(), seconds);
      // The line first: a resumed run drops a line too many, but could not make up for a missing
      // one.
      logs.epoch(m);
      logs.overflows(epoch + 1, overflow.takeNamed());
      save(step, state, "epoch-%04d".formatted(epoch + 1), best);
      time.judged();
      listener.epoch(m, course.epochs(), best);
    }
    if (state.epoch() < course.epochs()) {
      listener.message(
          "no better validation accuracy for "
              + recipe.schedule().patience()
              + " epochs: stopping early");
    }
    return true;
  }

  private boolean isFinished(TrainingState state) {
    return state.epoch() >= course.epochs() || state.isOutOfPatience(recipe.schedule());
  }

  /** The evaluation of the best checkpoint. */
  private Evaluation best() throws IOException {
    try (LoadedModel m = LoadedModel.load(backend, run.best(), precision)) {
      return Evaluator.run(m, pictures.val(), _ -> {}, stop);
    }
  }

  private TrainingState restore(TrainingStep step) throws IOException {
    TrainingState state =
        new Resume(run, tuning.anew(run), listener).load(backend, kept(step), data);
    if (state == null) {
      initialize();
      if (average != null) {
        average.restart();
      }
      return TrainingState.start(data);
    }
    time.resumed(state);
    listener.message(
        isFinished(state)
            ? "this run is finished: its checkpoint is evaluated again"
            : "resuming from %s at epoch %d, batch %d"
                .formatted(run.last(), state.epoch() + 1, state.batchInEpoch()));
    if (state.step() > 0 && !isLikeTheFirst(state)) {
      // The next batch is not a full one, or of another size, or a validation comes first: the
      // weights must not be laid out for that.
      try (Epoch e = pictures.train(course.side(0)).epoch(0, 0);
          Batch b = e.next()) {
        tuning.still(
            () -> {
              step.place(b);
              return null;
            });
      }
    }
    return state;
  }

  /** Whether the batch to go on with is a full one of the size that the run began with. */
  private boolean isLikeTheFirst(TrainingState state) {
    int epoch = state.epoch();
    int done = state.batchInEpoch();
    int next = course.skipped(epoch, done) * recipe.schedule().batch();
    return (course.plan() == null || done < course.batches(epoch))
        && course.side(epoch) == course.side(0)
        && train.dataset().size() - next >= recipe.schedule().batch();
  }

  private EpochMetrics metrics(
      TrainingStep step,
      TrainingState s,
      Validation.Scores scores,
      double imagesPerSecond,
      double seconds) {
    Evaluation e = scores.answering();
    Map<String, Double> extra = new LinkedHashMap<>();
    extra.put("val_f1_macro", e.metrics().macro().f1());
    extra.putAll(scores.beside());
    extra.put("weight_decay", recipe.optim().weightDecay(s.epoch()));
    if (step.scales()) {
      extra.put("loss_scale", step.scaler().value());
      extra.put("skipped_steps", (double) step.scaler().skipped());
    }
    extra.put("memory_peak_mb", backend.memory().peakBytes() / 1e6);
    return new EpochMetrics(
        s.epoch() + 1,
        s.lossSum() / s.images(),
        e.metrics().logLoss(),
        e.metrics().accuracy(),
        course.rate(s.epoch(), course.batches(s.epoch()) - 1),
        imagesPerSecond,
        seconds,
        extra);
  }

  private Checkpoint.Parts kept(TrainingStep step) {
    LossScaler scaler = step.scales() ? step.scaler() : null;
    return new Checkpoint.Parts(model, average, optimizer, scaler, tuning.quantizers());
  }

  private void save(TrainingStep step, TrainingState state, String name, boolean best)
      throws IOException {
    Path folder = Checkpoint.save(run, name, backend, info, kept(step), time.saved(state));
    run.setLast(folder);
    if (best) {
      run.setBest(folder);
    }
    run.prune();
  }

  /** Pictures that could not be read so far. */
  public List<BadImage> badImages() {
    return pictures.bad();
  }

  @Override
  public void close() {
    pictures.close();
    if (average != null) {
      average.close();
    }
    optimizer.close();
    model.close();
  }
}
