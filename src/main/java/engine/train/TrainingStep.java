package engine.train;

import engine.autograd.CrossEntropy;
import engine.autograd.LabelSmoothingKl;
import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.data.Batch;
import engine.data.transform.Normalization;
import engine.model.ResNet;
import engine.optim.GradClip;
import engine.optim.Optimizer;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** One batch forward, backward and, every {@code accumulate} batches, one step of the optimiser. */
public final class TrainingStep implements AutoCloseable {
  private final Backend backend;
  private final ResNet model;
  private final Optimizer optimizer;
  private final Recipe recipe;
  private final Normalization norm;
  private final Tensor randomState;
  private final GradClip clip;
  private int accumulated;

  /**
   * Model and optimiser stay the caller's.
   *
   * @param norm from pixels to network input
   */
  public TrainingStep(
      Backend backend, ResNet model, Optimizer optimizer, Recipe recipe, Normalization norm) {
    this.backend = backend;
    this.model = model;
    this.optimizer = optimizer;
    this.recipe = recipe;
    this.norm = norm;
    this.randomState = backend.memory().zeros(DType.I64, Shape.of(2));
    this.clip = recipe.clipNorm() > 0 ? new GradClip(backend, recipe.clipNorm()) : null;
  }

  /**
   * @param step number of the batch since the run began, which keys the dropouts
   * @param last whether the epoch ends with this batch, so that what is accumulated is applied
   * @return the batch's mean loss
   */
  public float run(Batch batch, long step, boolean last) {
    int n = batch.size();
    backend.memory().uploadInPlace(HostTensor.of(new long[] {recipe.seed(), step}, 2), randomState);
    Tensor x =
        backend
            .memory()
            .empty(DType.F32, Shape.of(n, batch.channels(), batch.height(), batch.width()));
    backend.memory().normalizePixelsInPlace(batch.pixels(), norm.mean(), norm.std(), x);
    Tensor targets = backend.memory().upload(HostTensor.of(batch.labels(), n));
    try (Tape tape = Tape.training(backend).withRandom(randomState)) {
      Variable in = Precision.input(tape, tape.constant(x), recipe.precision().equals("amp"));
      Variable logits = model.forward(tape, in);
      Variable loss = loss(tape, logits, tape.constant(targets));
      float value = (float) backend.memory().download(loss.value()).item();
      tape.backward(loss, 1f / recipe.accumulate());
      if (++accumulated == recipe.accumulate() || last) {
        accumulated = 0;
        if (clip != null) {
          clip.measure(optimizer);
        }
        optimizer.step(clip);
        optimizer.zeroGrad();
      }
      return value;
    }
  }

  private Variable loss(Tape tape, Variable logits, Variable targets) {
    float eps = (float) recipe.labelSmoothing();
    return recipe.smoothingMode().equals("others")
        ? LabelSmoothingKl.apply(tape, logits, targets.value(), eps)
        : CrossEntropy.apply(tape, logits, targets.value(), eps);
  }

  @Override
  public void close() {
    randomState.close();
    if (clip != null) {
      clip.close();
    }
  }
}
