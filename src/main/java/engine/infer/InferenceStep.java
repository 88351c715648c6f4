package engine.infer;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Recording;
import engine.model.Network;
import engine.recipe.Precision;
import engine.tensor.DType;
import engine.tensor.HostTensor;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/**
 * A model's answers to batches of one shape. The first runs op by op, which settles the layout of
 * the weights; the second is recorded, and those after it are replayed on the same memory.
 */
public final class InferenceStep implements AutoCloseable {
  private final Backend backend;
  private final Network model;
  private final Precision precision;
  private final ActivationCheck check;
  private final Tensor images;
  private Tensor logits;
  private Recording plan;

  /**
   * @param check of what the first batch gives, or null
   */
  InferenceStep(
      Backend backend, Network model, Shape shape, Precision precision, ActivationCheck check) {
    this.check = check;
    this.backend = backend;
    this.model = model;
    this.precision = precision;
    this.images = backend.memory().empty(DType.F32, shape);
  }

  /** Where the next batch goes: F32 [N, C, H, W], normalised. */
  public Tensor images() {
    return images;
  }

  /** F32 [N, classes]. */
  public HostTensor run() {
    if (logits == null) {
      first();
    } else if (plan == null) {
      plan =
          backend.record(
              () -> {
                try (Tape tape = precision.on(Tape.inference(backend))) {
                  backend.memory().copyInPlace(forward(tape).value(), logits);
                }
              });
    } else {
      plan.replay();
    }
    return backend.memory().download(logits);
  }

  private void first() {
    try (Tape tape = precision.on(Tape.inference(backend))) {
      if (check != null) {
        tape.withObserver(check, model.parameters());
      }
      logits = forward(tape).value().retain();
    }
    if (check != null) {
      check.require(images);
    }
  }

  private Variable forward(Tape tape) {
    Variable x = tape.constant(images.retain());
    return model.forward(tape, x);
  }

  @Override
  public void close() {
    if (plan != null) {
      plan.close();
    }
    if (logits != null) {
      logits.close();
    }
    images.close();
  }
}
