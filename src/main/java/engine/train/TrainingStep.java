package engine.train;

import engine.autograd.Parameter;
import engine.autograd.Tape;
import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Collective;
import engine.backend.PictureFeed;
import engine.backend.Recording;
import engine.data.loader.Batch;
import engine.data.transform.LateAugmentation;
import engine.model.Network;
import engine.optim.Ema;
import engine.optim.GradClip;
import engine.optim.GradientBuffer;
import engine.optim.LossScaler;
import engine.optim.Optimizer;
import engine.picture.Mix;
import engine.picture.Normalization;
import engine.recipe.ExecutionMode;
import engine.recipe.Precision;
import engine.recipe.Recipe;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;
import java.util.List;
import java.util.Map;

/** One batch forward, backward and, every {@code accumulate} batches, one step of the optimiser. */
public final class TrainingStep implements AutoCloseable {
  private final Backend backend;
  private final Network model;
  private final Optimizer optimizer;
  private final Recipe recipe;
  private final Normalization norm;
  private final Objective objective;
  private final BatchMixer mixer;
  private final Ema ema;
  private final Tensor randomState;
  private final Precision precision;
  private final LossScaler scaler;
  private final boolean scales;
  private final GradClip clip;
  private final ExecutionMode execution;
  private final PictureFeed feed;
  private Batch staged;
  private StepInputs full;
  private StepInputs other;
  private StepInputs last;
  private boolean settled;
  private boolean mixes;
  private boolean skipped;
  private GradientBuffer gradients;
  private Recording plan;

  /** Without class weights and without a moving average. */
  public TrainingStep(
      Backend backend,
      Network model,
      Optimizer optimizer,
      Recipe recipe,
      Normalization norm,
      ExecutionMode execution) {
    this(backend, model, optimizer, recipe, norm, Additions.NONE, execution);
  }

  /**
   * Model, optimiser and average stay the caller's.
   *
   * @param norm from pixels to network input
   */
  TrainingStep(
      Backend backend,
      Network model,
      Optimizer optimizer,
      Recipe recipe,
      Normalization norm,
      Additions additions,
      ExecutionMode execution) {
    this.backend = backend;
    this.model = model;
    this.optimizer = optimizer;
    this.recipe = recipe;
    this.norm = norm;
    this.execution = execution;
    this.ema = additions.ema;
    int classes = model.config().classes();
    this.objective = new Objective(backend, recipe, classes, additions.classWeights);
    this.mixer = new BatchMixer(recipe.augment().regularization(), recipe.compute().seed());
    this.mixes = recipe.augment().regularization().mixesIn(0);
    this.randomState = backend.memory().zeros(DType.I64, Shape.of(2));
    this.precision = Precision.of(recipe.compute().precision(), backend, _ -> {});
    this.scales = recipe.loss().lossScale().isUsed(precision);
    this.scaler = recipe.loss().lossScale().on(backend, precision);
    boolean clips = recipe.optim().clipNorm() > 0;
    byte[] erased = additions.late == null ? new byte[norm.channels()] : additions.late.fill();
    this.feed = backend.pictureFeed(norm, erased);
    this.clip =
        new GradClip(backend, clips ? recipe.optim().clipNorm() : Double.POSITIVE_INFINITY, scaler);
  }

  /**
   * What a run may have beside its model; each may be null.
   *
   * @param late what a batch's draws are of
   * @param classWeights in the loss
   * @param ema what follows the weights
   */
  record Additions(LateAugmentation late, float[] classWeights, Ema ema) {
    /** Nothing of it. */
    static final Additions NONE = new Additions(null, null, null);
  }

  /**
   * The batches that share a step of the optimiser.
   *
   * @param index of this batch among them, from 0
   * @param of how many they are: {@code accumulate}, or what is left at the end of an epoch
   */
  public record Part(int index, int of) {
    /** A batch with a step of its own. */
    public static final Part WHOLE = new Part(0, 1);

    /**
     * @param done batches of the epoch before this one
     * @param batches of the epoch
     */
    static Part at(int done, int batches, int accumulate) {
      int index = done % accumulate;
      return new Part(index, Math.min(accumulate, batches - (done - index)));
    }

    boolean isFirst() {
      return index == 0;
    }

    boolean isLast() {
      return index == of - 1;
    }
  }

  /**
   * @param epoch from 0, that the next batches belong to
   * @param otherParameters whether other parameters are trained than before: the recorded step is
   *     then forgotten, and the next ones run as the first of a run do
   */
  void startEpoch(int epoch, boolean otherParameters) {
    mixes = recipe.augment().regularization().mixesIn(epoch);
    if (otherParameters) {
      forget();
    }
  }

  private void forget() {
    settled = false;
    if (plan != null) {
      plan.close();
      plan = null;
    }
    closeGradients();
  }

  /** Whether batches may be staged before they are run. */
  boolean copiesAhead() {
    return feed != null;
  }

  /** Begins to bring the batch to the device that is run next. It stays open until then. */
  void stage(Batch batch) {
    feed.stage(batch.pixels(), batch.shape(), batch.draws());
    staged = batch;
  }

  /**
   * @param step number of the batch since the run began, which keys the dropouts and the mixing
   * @param part its place in the optimiser's step
   * @return the batch's mean loss
   */
  public float run(Batch batch, long step, Part part) {
    return run(batch, step, part, () -> {});
  }

  /** A batch that is brought to the device again while it is computed, as the next one would be. */
  public float runAhead(Batch batch, long step) {
    return run(batch, step, Part.WHOLE, feed == null ? () -> {} : () -> stage(batch));
  }

  /**
   * As {@link #run(Batch, long, Part)}, which waits for the device at its end alone.
   *
   * @param meanwhile is done between the last call to the device and the wait for the loss
   */
  float run(Batch batch, long step, Part part, Runnable meanwhile) {
    if (feed != null && staged != batch) {
      stage(batch);
    }
    staged = null;
    backend
        .memory()
        .uploadInPlace(HostTensor.of(new long[] {recipe.compute().seed(), step}, 2), randomState);
    Mix mix = mixes ? mixer.draw(step, batch.height(), batch.width()) : Mix.NONE;
    if (recipe.schedule().accumulate() == 1 && batch.size() == recipe.schedule().batch()) {
      return runFull(batch, mix, meanwhile);
    }
    closeOther();
    other = new StepInputs(backend, feed, precision.compute(), batch, objective);
    last = other;
    other.fill(batch, norm, objective, mix);
    compute(other, part);
    meanwhile.run();
    return readLoss(other);
  }

  private void closeOther() {
    if (other != null) {
      other.close();
      other = null;
    }
  }

  /**
   * A full batch has its own place in memory. The first one runs op by op, which also settles
   * layouts and the optimiser's state; the second is recorded, and those after it are replayed.
   */
  private float runFull(Batch batch, Mix mix, Runnable meanwhile) {
    if (full != null && !full.fits(batch)) {
      forget(); // pictures of another size
      full.close();
      full = null;
    }
    if (full == null) {
      full = new StepInputs(backend, feed, precision.compute(), batch, objective);
    }
    last = full;
    full.fill(batch, norm, objective, mix);
    if (!settled || execution.eager()) {
      compute(full, Part.WHOLE);
      settled = true;
    } else if (plan == null) {
      plan = backend.record(() -> compute(full, Part.WHOLE));
    } else {
      plan.replay();
    }
    meanwhile.run();
    return readLoss(full);
  }

  /** Waits for the device, once: what else may be asked of the step comes along. */
  private float readLoss(StepInputs in) {
    var read = backend.memory().download(List.of(in.loss(), clip.control()));
    skipped = GradClip.skips(read.getLast());
    return (float) read.getFirst().item();
  }

  private void compute(StepInputs in, Part part) {
    try (Tape tape = tape()) {
      Variable loss = loss(tape, in);
      backend.memory().copyInPlace(loss.value(), in.loss());
      // A gradient that starts as the scale is that of the loss times the scale.
      tape.backward(loss, backend.elementwise().scale(scaler.scale(), 1f / part.of()));
    }
    if (part.isLast()) {
      exchangeGradients();
      if (checksAll()) {
        clip.measure(optimizer);
      } else {
        clip.watch(optimizer, in.loss());
      }
      optimizer.step(clip);
      optimizer.zeroGrad();
      scaler.update(clip);
      if (ema != null) {
        ema.update();
      }
    }
  }

  /** After the first backward, which settles the layouts, they stay in one place. */
  private void exchangeGradients() {
    Collective devices = backend.collective();
    if (devices == null) {
      return;
    }
    if (gradients == null) {
      gradients = new GradientBuffer(backend, optimizer.parameters().values());
    }
    devices.averageInPlace(gradients.flat());
  }

  private void closeGradients() {
    if (gradients != null) {
      gradients.close();
      gradients = null;
    }
  }

  private Tape tape() {
    return Tape.training(backend).withRandom(randomState).withRecomputing(execution.recomputing());
  }

  private boolean checksAll() {
    return scales || recipe.optim().clipNorm() > 0;
  }

  private Variable loss(Tape tape, StepInputs in) {
    Variable targets = tape.constant(in.targets().retain());
    return objective.loss(tape, forward(tape, in), targets.value());
  }

  private Variable forward(Tape tape, StepInputs in) {
    return model.forward(precision.on(tape), tape.constant(in.images().retain()));
  }

  /** What is trained, by full name. */
  Map<String, Parameter> parameters() {
    return optimizer.parameters();
  }

  /** Whether gradients are multiples of a loss scale. */
  boolean scales() {
    return scales;
  }

  /** What the loss is multiplied by: 1 where nothing is scaled. Closed with this. */
  LossScaler scaler() {
    return scaler;
  }

  /**
   * Whether the last step of the optimiser was skipped, since something in it was infinite or NaN;
   * the parameters are as before.
   */
  boolean skipped() {
    return skipped;
  }

  /**
   * Computes the last batch again, op by op, and changes nothing but gradients, which are dropped:
   * after a step that was skipped this is what happened in it.
   *
   * @param observer is told of every op and gradient
   * @param scale what the loss is multiplied by
   */
  public void observe(TapeObserver observer, double scale) {
    try (Tape tape = tape().keepingStatistics().withObserver(observer, model.parameters())) {
      tape.backward(loss(tape, last), (float) scale);
    }
    optimizer.zeroGrad();
  }

  /**
   * A forward that changes nothing but the layout of weights that no batch has met yet: they take
   * the one that suits this batch's shape.
   */
  void place(Batch batch) {
    if (feed != null) {
      stage(batch);
      staged = null;
    }
    try (StepInputs in = new StepInputs(backend, feed, precision.compute(), batch, objective);
        Tape tape = Tape.inference(backend)) {
      in.fill(batch, norm, objective, Mix.NONE);
      forward(tape, in);
    }
  }

  /** The plan of a full batch, or null before it is recorded. */
  public Recording plan() {
    return plan;
  }

  @Override
  public void close() {
    forget();
    closeOther();
    if (full != null) {
      full.close();
    }
    if (feed != null) {
      feed.close();
    }
    objective.close();
    randomState.close();
    clip.close();
    scaler.close();
  }
}
