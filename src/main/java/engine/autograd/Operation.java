package engine.autograd;

import engine.tensor.DType;

/**
 * What an op does, without its operands. Every op is a record of this kind in a file of its own:
 * its settings are the record's components, and what is to be known about it stands there once. The
 * tape, its {@link Trace} and its {@link TapeObserver}, mixed precision, the graph of a network and
 * the inspector all speak of it. {@link Ops} lists them.
 */
public interface Operation {
  /**
   * What an op is, whatever its settings.
   *
   * @param name as PyTorch says it, such as {@code max_pool2d}
   * @param autocast what it computes in under mixed precision
   */
  record Identity(String name, Autocast autocast) {}

  Identity identity();

  /** As PyTorch says it. */
  default String name() {
    return identity().name();
  }

  /**
   * Arithmetic of a forward, as its formula is written: two for a multiply-add, one for each other
   * operation, function or comparison. A convolution's or product's bias counts nothing, nor does a
   * ReLU that is done in another op's pass.
   */
  long flops(Call call);

  /**
   * The least that a forward must read and write: each operand once and the result once, unless the
   * op says otherwise.
   */
  default long bytes(Call call) {
    return call.bytes();
  }

  /** Whether the backward reads operand {@code i}: a tape keeps it until then. */
  default boolean keeps(int i) {
    return true;
  }

  /** Whether operand {@code i} is weights, which do not grow with the batch. */
  default boolean isWeight(int i) {
    return false;
  }

  /** The type that its products and sums read. */
  default DType computesIn(Call call) {
    return call.inputs().getFirst().dtype();
  }
}
