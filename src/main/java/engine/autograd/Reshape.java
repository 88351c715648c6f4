package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** The same elements, in row-major order, under another shape. */
public final class Reshape {
  private Reshape() {}

  /**
   * @param shape with as many elements as x
   */
  public static Variable apply(Tape tape, Variable x, Shape shape) {
    return record(tape, "reshape", x, shape);
  }

  static Variable record(Tape tape, String op, Variable x, Shape shape) {
    var memory = tape.backend().memory();
    DType dtype = x.value().dtype();
    try (Tensor plain = memory.toRowMajor(x.value(), dtype)) {
      return tape.describe(
          tape.record(
              op,
              plain.reshape(shape),
              x.requiresGrad(),
              dy -> {
                try (Tensor g = memory.toRowMajor(dy, dtype);
                    Tensor back = g.reshape(x.shape())) {
                  tape.accumulate(x, memory.toLayoutOf(back, x.value()));
                }
              }),
          new Operation.Reshape(shape),
          x);
    }
  }
}
