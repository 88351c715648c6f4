package engine.autograd;

import engine.tensor.DType;
import engine.tensor.Tensor;

/**
 * Is told of everything that a tape does, as it is done: for those who look for a NaN, or want to
 * see which op ran in which precision. See {@link Tape#withObserver}.
 */
public interface TapeObserver {
  /**
   * Which op of which layer.
   *
   * @param layer full name of the layer whose parameters the op reads, or, for an op without
   *     parameters, of the last such layer; empty before the first
   * @param parameters whether it reads parameters, or what was made of one alone
   * @param computes the type that its products and sums read: half, or F32
   */
  record Op(Operation operation, Call call, String layer, boolean parameters, DType computes) {
    /** As PyTorch says it. */
    public String name() {
      return operation.name();
    }

    /** For people: {@code conv2d of layer1.0.conv1}, {@code max_pool2d after bn1}. */
    public String describe() {
      return layer.isEmpty() ? name() : name() + (parameters ? " of " : " after ") + layer;
    }
  }

  /**
   * An op has run.
   *
   * @param output the tape's; to ask for the value of one that is not {@link Variable#isComputed}
   *     computes it, which the step itself may never do
   */
  void forward(Op op, Variable output);

  /**
   * The backward of an op gave a gradient.
   *
   * @param of the input or parameter that it is the gradient of
   * @param name full name of a parameter, or null for another input
   * @param gradient the tape's
   */
  void backward(Op op, Variable of, String name, Tensor gradient);
}
