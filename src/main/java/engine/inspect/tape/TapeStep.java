package engine.inspect.tape;

import engine.tensor.DType;
import engine.tensor.Shape;
import java.util.List;

/**
 * One op of a training step.
 *
 * @param op name on the tape
 * @param layer whose parameters it reads, or, where {@code parameters} is false, after which it
 *     comes
 * @param computes the type that its products and sums read
 * @param result type of its result
 * @param shape of its result
 * @param casts copies that changed a type on the way to the result: 1 for a cast, and for an op
 *     that rounds its fp32 weights
 * @param gradients that its backward gave; empty where it has none
 * @param castsBack the same as {@code casts}, in its backward
 */
public record TapeStep(
    String op,
    String layer,
    boolean parameters,
    DType computes,
    DType result,
    Shape shape,
    long casts,
    List<Gradient> gradients,
    long castsBack) {
  /**
   * A gradient.
   *
   * @param of full name of a parameter, or null for an input
   */
  public record Gradient(String of, DType type, Shape shape) {}
}
