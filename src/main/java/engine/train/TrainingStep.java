package engine.train;

import engine.autograd.CrossEntropy;
import engine.autograd.LabelSmoothingKl;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Plan;
import engine.data.Batch;
import engine.data.transform.Normalization;
import engine.model.Network;
import engine.optim.GradClip;
import engine.optim.Optimizer;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** One batch forward, backward and, every {@code accumulate} batches, one step of the optimiser. */
public final class TrainingStep implements AutoCloseable {
  private final Backend backend;
  private final Network model;
  private final Optimizer optimizer;
  private final Recipe recipe;
  private final Normalization norm;
  private final Tensor randomState;
  private final GradClip clip;
  private final boolean eager;
  private Inputs full;
  private Plan plan;

  /**
   * Model and optimiser stay the caller's.
   *
   * @param norm from pixels to network input
   * @param eager run every step op by op, as a reader would follow it, rather than replay the
   *     second one
   */
  public TrainingStep(
      Backend backend,
      Network model,
      Optimizer optimizer,
      Recipe recipe,
      Normalization norm,
      boolean eager) {
    this.backend = backend;
    this.model = model;
    this.optimizer = optimizer;
    this.recipe = recipe;
    this.norm = norm;
    this.eager = eager;
    this.randomState = backend.memory().zeros(DType.I64, Shape.of(2));
    this.clip = recipe.clipNorm() > 0 ? new GradClip(backend, recipe.clipNorm()) : null;
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
   * @param step number of the batch since the run began, which keys the dropouts
   * @param part its place in the optimiser's step
   * @return the batch's mean loss
   */
  public float run(Batch batch, long step, Part part) {
    backend.memory().uploadInPlace(HostTensor.of(new long[] {recipe.seed(), step}, 2), randomState);
    if (recipe.accumulate() == 1 && batch.size() == recipe.batch()) {
      return runFull(batch);
    }
    try (Inputs in = Inputs.of(backend, batch)) {
      in.fill(backend, batch, norm);
      compute(in, part);
      return in.loss(backend);
    }
  }

  /**
   * A full batch has its own place in memory. The first one runs op by op, which also settles
   * layouts and the optimiser's state; the second is recorded, and those after it are replayed.
   */
  private float runFull(Batch batch) {
    boolean first = full == null;
    if (first) {
      full = Inputs.of(backend, batch);
    }
    full.fill(backend, batch, norm);
    if (first || eager) {
      compute(full, Part.WHOLE);
    } else if (plan == null) {
      plan = backend.record(() -> compute(full, Part.WHOLE));
    } else {
      plan.replay();
    }
    return full.loss(backend);
  }

  private void compute(Inputs in, Part part) {
    try (Tape tape = Tape.training(backend).withRandom(randomState)) {
      Variable targets = tape.constant(in.targets().retain());
      Variable logits = forward(tape, in);
      Variable loss = loss(tape, logits, targets);
      backend.memory().copyInPlace(loss.value(), in.loss());
      tape.backward(loss, 1f / part.of());
    }
    if (part.isLast()) {
      if (clip != null) {
        clip.measure(optimizer);
      }
      optimizer.step(clip);
      optimizer.zeroGrad();
    }
  }

  private Variable forward(Tape tape, Inputs in) {
    Variable x = tape.constant(in.images().retain());
    return model.forward(tape, Precision.input(tape, x, recipe.precision().equals("amp")));
  }

  /**
   * A forward that changes nothing but the layout of weights that no batch has met yet: they take
   * the one that suits this batch's shape.
   */
  void place(Batch batch) {
    try (Inputs in = Inputs.of(backend, batch);
        Tape tape = Tape.inference(backend)) {
      in.fill(backend, batch, norm);
      forward(tape, in);
    }
  }

  /** Where a batch lies on the device, and its loss. */
  private record Inputs(Tensor images, Tensor targets, Tensor loss) implements AutoCloseable {
    static Inputs of(Backend backend, Batch b) {
      Shape images = Shape.of(b.size(), b.channels(), b.height(), b.width());
      return new Inputs(
          backend.memory().empty(DType.F32, images),
          backend.memory().empty(DType.I32, Shape.of(b.size())),
          backend.memory().empty(DType.F32, Shape.of()));
    }

    void fill(Backend backend, Batch b, Normalization norm) {
      backend.memory().normalizePixelsInPlace(b.pixels(), norm.mean(), norm.std(), images);
      backend.memory().uploadInPlace(HostTensor.of(b.labels(), b.size()), targets);
    }

    float loss(Backend backend) {
      return (float) backend.memory().download(loss).item();
    }

    @Override
    public void close() {
      images.close();
      targets.close();
      loss.close();
    }
  }

  private Variable loss(Tape tape, Variable logits, Variable targets) {
    float eps = (float) recipe.labelSmoothing();
    return recipe.smoothingMode().equals("others")
        ? LabelSmoothingKl.apply(tape, logits, targets.value(), eps)
        : CrossEntropy.apply(tape, logits, targets.value(), eps);
  }

  /** The plan of a full batch, or null before it is recorded. */
  public Plan plan() {
    return plan;
  }

  @Override
  public void close() {
    if (plan != null) {
      plan.close();
    }
    if (full != null) {
      full.close();
    }
    randomState.close();
    if (clip != null) {
      clip.close();
    }
  }
}
