package engine.autograd;

import engine.tensor.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Mixed precision as a rule for each op (Micikevicius et al. 2018; PyTorch's {@code autocast} has
 * the same idea): what multiplies much computes in half precision, what adds up much in fp32, and
 * what does little to each number takes it as it comes. {@link Tape#withAutocast} applies it, with
 * at most one cast of a tensor. Weights stay fp32: the CPU rounds them as it brings them into a
 * kernel's layout, of which forward and backward want two; on CUDA the optimiser writes a half copy
 * in its own pass.
 */
public final class Autocast {
  /** What an op does with its inputs. */
  public enum Rule {
    /** Computes in half precision; fp32 inputs are cast to it. */
    HALF("half"),
    /** Computes in the type that its inputs have. */
    AS_GIVEN("as given"),
    /** Computes in fp32; half inputs are cast to it. */
    FULL("fp32");

    private final String text;

    Rule(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * A line of the policy.
   *
   * @param ops by the names they have on the tape
   * @param why for people
   */
  public record Entry(Rule rule, List<String> ops, String why) {}

  private static final List<Entry> POLICY =
      List.of(
          new Entry(
              Rule.HALF,
              List.of("conv2d", "convInfer", "linear"),
              "products of half numbers, sums in fp32; weights and their gradients are fp32"),
          new Entry(
              Rule.AS_GIVEN,
              List.of("batchNorm"),
              "images as they come; statistics, scale, shift and their gradients in fp32"),
          new Entry(
              Rule.AS_GIVEN,
              List.of(
                  "relu", "relu6", "silu", "sigmoid", "tanh", "gelu", "hardswish", "hardsigmoid"),
              "one number at a time"),
          new Entry(
              Rule.AS_GIVEN,
              List.of(
                  "maxPool2d",
                  "avgPool2d",
                  "adaptiveAvgPool2d",
                  "adaptiveMaxPool2d",
                  "mean",
                  "sum",
                  "maxDim",
                  "amax"),
              "few numbers a result; sums within it in fp32"),
          new Entry(
              Rule.AS_GIVEN,
              List.of(
                  "add",
                  "sub",
                  "mul",
                  "div",
                  "scale",
                  "concat",
                  "flatten",
                  "reshape",
                  "dropout",
                  "stochasticDepth"),
              "one operation a number"),
          new Entry(
              Rule.FULL,
              List.of("softmax", "logSoftmax", "crossEntropy", "klDivergence", "labelSmoothingKl"),
              "exponentials and their sums leave the range of half numbers"));

  private static final Map<String, Rule> RULES = new HashMap<>();

  static {
    POLICY.forEach(e -> e.ops().forEach(op -> RULES.put(op, e.rule())));
  }

  private Autocast() {}

  /** The whole policy, in the order in which people read it. */
  public static List<Entry> policy() {
    return POLICY;
  }

  /**
   * The type in which {@code op} wants an input.
   *
   * @param given F32, or a half type
   * @param half the half type of the tape
   * @throws IllegalArgumentException for an op that the policy does not know
   */
  static DType type(String op, DType given, DType half) {
    Rule rule = RULES.get(op);
    if (rule == null) {
      throw new IllegalArgumentException("the autocast policy has no line for the op " + op);
    }
    return switch (rule) {
      case HALF -> half;
      case AS_GIVEN -> given;
      case FULL -> DType.F32;
    };
  }
}
