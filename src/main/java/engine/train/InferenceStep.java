package engine.train;

import engine.autograd.Tape;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.backend.Plan;
import engine.nn.Module;
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
  private final Module model;
  private final Precision precision;
  private final Tensor images;
  private Tensor logits;
  private Plan plan;

  InferenceStep(Backend backend, Module model, Shape shape, Precision precision) {
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
      try (Tape tape = precision.on(Tape.inference(backend))) {
        logits = forward(tape).value().retain();
      }
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
