package engine.cli;

import engine.base.UserError;

/** What {@code --precision} may be. */
final class PrecisionOption {
  private PrecisionOption() {}

  /** Whether to compute in half precision where that is safe. */
  static boolean isHalf(String name) {
    return switch (name) {
      case "fp32" -> false;
      case "amp" -> true;
      default -> throw new UserError("--precision must be fp32 or amp, not '" + name + "'");
    };
  }
}
