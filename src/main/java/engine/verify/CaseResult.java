package engine.verify;

import java.util.Comparator;
import java.util.List;

/**
 * The outcome of one case.
 *
 * @param comparisons everything that was compared; empty when the case could not be run
 * @param error what ended the case early; null when it ran through
 */
public record CaseResult(
    Manifest.Item item, Outcome outcome, List<Comparison> comparisons, Throwable error) {
  /** UNKNOWN: no runner of the engine implements the case. */
  public enum Outcome {
    PASSED,
    FAILED,
    UNKNOWN
  }

  static CaseResult compared(Manifest.Item item, List<Comparison> comparisons) {
    boolean passed = comparisons.stream().allMatch(Comparison::passed);
    return new CaseResult(item, passed ? Outcome.PASSED : Outcome.FAILED, comparisons, null);
  }

  static CaseResult unknown(Manifest.Item item) {
    return new CaseResult(item, Outcome.UNKNOWN, List.of(), null);
  }

  static CaseResult broken(Manifest.Item item, Throwable error) {
    return new CaseResult(item, Outcome.FAILED, List.of(), error);
  }

  /** The comparison that is closest to its limit or furthest beyond it; null if there is none. */
  public Comparison worst() {
    return comparisons.stream().max(Comparator.comparingDouble(Comparison::ratio)).orElse(null);
  }

  /** One phrase for the report: the largest error against its tolerance, or what went wrong. */
  public String describe() {
    Comparison worst = worst();
    return switch (outcome) {
      case UNKNOWN -> "the engine does not know the operation " + item.op();
      case PASSED ->
          worst.tolerance() == 0
              ? "equal"
              : "%s %.2g of %.2g".formatted(worst.what(), worst.error(), worst.tolerance());
      case FAILED -> {
        if (error != null) {
          String message = error.getMessage();
          String kind = error.getClass().getSimpleName();
          yield (message == null ? kind : kind + ": " + message).replaceAll("\\s+", " ");
        }
        long others = comparisons.stream().filter(c -> !c.passed()).count() - 1;
        yield worst.problem() + (others > 0 ? " (and " + others + " more)" : "");
      }
    };
  }
}
