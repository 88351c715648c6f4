package engine.autograd;

import static engine.autograd.Tape.operands;

import engine.tensor.DType;
import engine.tensor.Shape;
import engine.tensor.Tensor;

/** The same elements, in row-major order, under another shape. */
public record Reshape(Shape shape) implements Operation {
  static final Identity IDENTITY = new Identity("reshape", Autocast.AS_GIVEN);

  @Override
  public Identity identity() {
    return IDENTITY;
  }

  /** It computes nothing. */
  @Override
  public long flops(Call call) {
    return 0;
  }

  /** The numbers stay where they are, unless a layout of the device's own forbids it. */
  @Override
  public long bytes(Call call) {
    return 0;
  }

  /**
   * @param shape with as many elements as x
   */
  public static Variable apply(Tape tape, Variable x, Shape shape) {
    var memory = tape.backend().memory();
    DType dtype = x.value().dtype();
    try (Tensor plain = memory.toRowMajor(x.value(), dtype)) {
      return tape.record(
          new Reshape(shape),
          operands(x),
          plain.reshape(shape),
          dy -> {
            try (Tensor g = memory.toRowMajor(dy, dtype);
                Tensor back = g.reshape(x.shape())) {
              tape.accumulate(x, memory.toLayoutOf(back, x.value()));
            }
          });
    }
  }
}
