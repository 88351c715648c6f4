package engine.inspect.tape;

import engine.autograd.Call;
import engine.autograd.Operation;
import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;

/**
 * One op of a training step.
 *
 * @param call what it read and gave
 * @param layer whose parameters it reads, or, where {@code parameters} is false, after which it
 *     comes
 * @param computes the type that its products and sums read
 * @param casts copies that changed a type on the way to the result: 1 for a cast, and for an op
 *     that rounds its fp32 weights
 * @param gradients that its backward gave; empty where it has none
 * @param castsBack the same as {@code casts}, in its backward
 */
public record TapeStep(
    Operation operation,
    Call call,
    String layer,
    boolean parameters,
    DType computes,
    long casts,
    List<Gradient> gradients,
    long castsBack) {
  /** The op's name, as PyTorch says it. */
  public String op() {
    return operation.name();
  }

  /** Type of its result. */
  public DType result() {
    return call.output().dtype();
  }

  /** Shape of its result. */
  public Shape shape() {
    return call.output().shape();
  }

  /** Arithmetic of its forward. */
  public long flops() {
    return operation.flops(call);
  }

  /** The least that its forward must read and write. */
  public long bytes() {
    return operation.bytes(call);
  }

  /**
   * A gradient.
   *
   * @param of full name of a parameter, or null for an input
   */
  public record Gradient(String of, DType type, Shape shape) {}
}
