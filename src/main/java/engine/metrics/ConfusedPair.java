package engine.metrics;

/**
 * Samples of class {@code truth} taken for class {@code predicted}.
 *
 * @param count how many
 * @param share of all samples of {@code truth}, 0 to 1
 */
public record ConfusedPair(int truth, int predicted, long count, double share) {}
