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
final class TrainingStep implements AutoCloseable {
  private final Backend backend;
  private final ResNet model;
  private final Optimizer optimizer;
  private final Recipe recipe;
  private final Normalization norm;
  private final Tensor randomState;
  private final GradClip clip;

  TrainingStep(
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
   * @param share of this batch in the gradient: one over the batches of its optimiser step
   * @param update whether the optimiser steps after this batch
   * @return the batch's mean loss
   */
  float run(Batch batch, long step, float share, boolean update) {
    backend.memory().uploadInPlace(HostTensor.of(new long[] {recipe.seed(), step}, 2), randomState);
    try (Tape tape = Tape.training(backend).withRandom(randomState)) {
      Variable targets = tape.constant(backend.memory().upload(HostTensor.of(batch.labels(), batch.size())));
      Variable logits = model.forward(tape, input(tape, batch));
      Variable loss = loss(tape, logits, targets);
      float value = (float) backend.memory().download(loss.value()).item();
      tape.backward(loss, share);
      if (update) {
        if (clip != null) {
          clip.measure(optimizer);
        }
        optimizer.step(clip);
        optimizer.zeroGrad();
      }
      return value;
    }
  }

  /**
   * A forward that changes nothing but the layout of weights that no batch has met yet: they take the one that suits
   * this batch's shape.
   */
  void place(Batch batch) {
    try (Tape tape = Tape.inference(backend)) {
      model.forward(tape, input(tape, batch));
    }
  }

  private Variable input(Tape tape, Batch batch) {
    Tensor x =
        backend
            .memory()
            .empty(
                DType.F32,
                Shape.of(batch.size(), batch.channels(), batch.height(), batch.width()));
    Variable in = tape.constant(x);
    backend.memory().normalizePixelsInPlace(batch.pixels(), norm.mean(), norm.std(), x);
    return Precision.input(tape, in, recipe.precision().equals("amp"));
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
