package engine.autograd;

import engine.tensor.DType;

/**
 * Mixed precision as a rule for each op (Micikevicius et al. 2018; PyTorch's {@code autocast} has
 * the same idea): what multiplies much computes in half precision, what adds up much in fp32, and
 * what does little to each number takes it as it comes. An {@link Operation} names its rule and
 * {@link Tape#withAutocast} applies it, with at most one cast of a tensor. Weights stay fp32: the
 * CPU rounds them as it brings them into a kernel's layout, of which forward and backward want two;
 * on CUDA the optimiser writes a half copy in its own pass.
 */
public enum Autocast {
  /** Computes in half precision; fp32 inputs are cast to it. */
  HALF("half", "products of half numbers, sums in fp32; weights and their gradients are fp32"),
  /** Computes in the type that its inputs have. */
  AS_GIVEN(
      "as given",
      "little is done to a number; sums, statistics and the gradients of norms are fp32"),
  /** Computes in fp32; half inputs are cast to it. */
  FULL("fp32", "exponentials and their sums leave the range of half numbers");

  private final String text;
  private final String why;

  Autocast(String text, String why) {
    this.text = text;
    this.why = why;
  }

  /** The reason, for people. */
  public String why() {
    return why;
  }

  /**
   * The type in which an op of this rule wants an input.
   *
   * @param given F32, or a half type
   * @param half the half type of the tape
   */
  DType type(DType given, DType half) {
    return switch (this) {
      case HALF -> half;
      case AS_GIVEN -> given;
      case FULL -> DType.F32;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
