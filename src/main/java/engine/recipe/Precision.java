package engine.recipe;

import engine.autograd.Tape;
import engine.backend.Backend;
import engine.backend.HalfPrecision;
import engine.base.Setting;
import engine.base.Suggestion;
import engine.base.UserError;
import engine.tensor.DType;
import java.util.List;
import java.util.function.Consumer;

/**
 * What a run computes in: fp32, or half precision where the tape's policy allows it ({@link
 * engine.autograd.Autocast}). Weights, statistics, losses, gradients of weights and the optimiser
 * are fp32 in either. TF32 is fp32 whose convolutions and matrix products round their operands, as
 * PyTorch's do by default in convolutions; {@code fp32} here means what it says.
 *
 * @param compute F32, BF16 or F16
 * @param tf32 whether products of F32 may be rounded so
 */
public record Precision(DType compute, boolean tf32) {
  public static final Precision FP32 = new Precision(DType.F32);
  private static final Precision TF32 = new Precision(DType.F32, true);

  /** Without TF32. */
  Precision(DType compute) {
    this(compute, false);
  }

  /** What {@code --precision} takes. */
  public static final List<String> NAMES = List.of("fp32", "tf32", "amp", "bf16", "fp16");

  /**
   * @throws UserError if {@code --precision} knows no such name
   */
  public static void check(String name) {
    if (name == null || !NAMES.contains(name)) {
      throw new UserError(
          (Setting.PRECISION + " must be fp32, tf32, amp, bf16 or fp16, not '%s'%s")
              .formatted(name, Suggestion.hint(String.valueOf(name), NAMES)));
    }
  }

  /** What a name means on a device; see the other method. */
  public static Precision of(String name, Backend backend, Consumer<String> say) {
    if ("tf32".equals(name)) {
      if (backend.whyNoTf32() != null) {
        throw new UserError(
            Setting.PRECISION
                + " tf32 cannot be had: "
                + backend.whyNoTf32()
                + "; use fp32 or amp");
      }
      return TF32;
    }
    return of(name, backend.halfPrecision(), say);
  }

  /**
   * What a name means on a device: {@code amp} is the half type that suits it, or fp32 where none
   * would be faster; {@code bf16} and {@code fp16} are taken at their word.
   *
   * @param say is told where the result is not what the name promises
   * @throws UserError if the device cannot compute in a type that was named
   */
  static Precision of(String name, HalfPrecision device, Consumer<String> say) {
    check(name);
    if (name.equals("fp32")) {
      return FP32;
    }
    boolean chosen = name.equals("amp");
    DType type = chosen ? device.amp() : DType.valueOf(name.equals("bf16") ? "BF16" : "F16");
    String refused = device.refused().get(type);
    String slow = device.slow().get(type);
    if (chosen && (refused != null || slow != null)) {
      say.accept(
          "warning: "
              + Setting.PRECISION
              + " amp computes in fp32 here, since "
              + (refused != null
                  ? refused
                  : slow
                      + "; "
                      + Setting.PRECISION
                      + " "
                      + text(type)
                      + " insists, and will be slow"));
      return FP32;
    }
    if (refused != null) {
      DType other = device.amp();
      throw new UserError(
          (Setting.PRECISION + " %s cannot be had: %s; use %s")
              .formatted(
                  name,
                  refused,
                  device.refused().containsKey(other)
                      ? "fp32"
                      : "amp, which is " + text(other) + " on this device"));
    }
    if (slow != null) {
      say.accept("warning: " + Setting.PRECISION + " " + name + " will be slow: " + slow);
    }
    return new Precision(type);
  }

  private static String text(DType type) {
    return type == DType.F16 ? "fp16" : type == DType.F32 ? "fp32" : "bf16";
  }

  /** Puts the policy on a tape, and on its device until the next tape's. */
  public Tape on(Tape tape) {
    tape.backend().roundToTf32(tf32);
    return tape.withAutocast(compute);
  }

  /** As {@code --precision} names it. */
  @Override
  public String toString() {
    return tf32 ? "tf32" : text(compute);
  }
}
