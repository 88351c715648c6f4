package engine.autograd;

import engine.tensor.Tensor;

/** Tensors side by side along an axis; the gradient is cut into the parts again. */
public final class Concat {
  private Concat() {}

  /**
   * @param parts of one shape but for {@code axis}
   */
  public static Variable apply(Tape tape, int axis, Variable... parts) {
    var elementwise = tape.backend().elementwise();
    Tensor[] values = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = parts[i].value();
    }
    return tape.describe(
        tape.record(
            "concat",
            elementwise.concat(values, axis),
            Variable.anyRequiresGrad(parts),
            dy -> {
              long at = 0;
              for (Variable p : parts) {
                long extent = p.shape().dim(axis);
                if (p.requiresGrad()) {
                  try (Tensor g = elementwise.slice(dy, axis, at, extent)) {
                    tape.accumulate(p, tape.backend().memory().toLayoutOf(g, p.value()));
                  }
                }
                at += extent;
              }
            }),
        new Operation.Concat(axis),
        parts);
  }
}
