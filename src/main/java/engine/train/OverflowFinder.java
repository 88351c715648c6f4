package engine.train;

import engine.autograd.Parameter;
import engine.autograd.TapeObserver;
import engine.autograd.Variable;
import engine.backend.Backend;
import engine.tensor.DType;
import engine.tensor.Tensor;
import engine.weights.FiniteCheck;
import java.util.List;

/**
 * Names the first tensor of a step that holds inf or NaN. It looks at every result and every
 * gradient, in the order in which they are made, so that a NaN which a later kernel loses (a fused
 * ReLU of oneDNN makes it 0 in bf16) is seen all the same. Waits for the device at each of them.
 */
final class OverflowFinder implements TapeObserver {
  private final Backend backend;
  private String found;

  private OverflowFinder(Backend backend) {
    this.backend = backend;
  }

  /**
   * Computes the last batch of {@code step} again.
   *
   * @param scale that the loss was multiplied by
   * @return such as {@code the forward of conv2d of layer1.0.conv1 gave 3 NaN and 5 inf among 4,096
   *     numbers}; null if nothing was found
   */
  static String find(Backend backend, TrainingStep step, double scale) {
    OverflowFinder finder = new OverflowFinder(backend);
    step.parameters().forEach(finder::look);
    if (finder.found == null) {
      step.observe(finder, scale);
    }
    return finder.found;
  }

  private void look(String name, Parameter p) {
    note("the parameter " + name + ", since an earlier step, holds ", p.value());
  }

  @Override
  public void forward(Op op, Variable output) {
    if (found == null) {
      note("the forward of " + op.describe() + " gave ", output.value());
    }
  }

  @Override
  public void backward(Op op, Variable of, String name, Tensor gradient) {
    note(
        "the backward of %s gave, for %s, "
            .formatted(op.describe(), name == null ? "its input" : name),
        gradient);
  }

  private void note(String what, Tensor t) {
    if (found != null || !t.dtype().isFloating() || isFinite(t)) {
      return;
    }
    found = what + FiniteCheck.notFinite(backend.memory().download(t));
  }

  /** On the device, which is quicker than to bring every tensor here. */
  private boolean isFinite(Tensor t) {
    try (Tensor wide = backend.memory().toRowMajor(t, DType.F32);
        Tensor norm = backend.optimizers().norm(List.of(wide))) {
      return backend.memory().download(norm).get(1) == 0;
    }
  }
}
