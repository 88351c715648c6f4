package engine.metrics;

/**
 * One class against the rest. A ratio with nothing to divide by is 0.
 *
 * @param precision of the samples predicted as this class, the share that is
 * @param recall of the samples of this class, the share that was found
 * @param f1 harmonic mean of precision and recall
 * @param support samples of this class
 * @param predicted samples predicted as this class
 */
public record ClassScore(
    double precision, double recall, double f1, long support, long predicted) {}
