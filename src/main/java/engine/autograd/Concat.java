package engine.autograd;

import engine.tensor.Tensor;

/** Tensors side by side along an axis; the gradient is cut into the parts again. */
public record Concat(int axis) implements Operation {
  static final Identity IDENTITY = new Identity("concat", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** It computes nothing. */
  @Override
  public long flops(Call call) {
    return 0;
  }

  /**
   * @param parts of one shape but for {@code axis}
   */
  public static Variable apply(Tape tape, int axis, Variable... parts) {
    var elementwise = tape.backend().elementwise();
    Tensor[] values = new Tensor[parts.length];
    for (int i = 0; i < parts.length; i++) {
      values[i] = parts[i].value();
    }
    return tape.record(
        new Concat(axis),
        parts,
        elementwise.concat(values, axis),
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
        });
  }
}
