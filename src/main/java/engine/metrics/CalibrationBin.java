package engine.metrics;

/**
 * Answers whose probability lies in one fifteenth of 0..1.
 *
 * @param samples how many
 * @param confidence their mean probability; NaN where there are none
 * @param accuracy the share of them that is right; NaN where there are none
 */
public record CalibrationBin(long samples, double confidence, double accuracy) {}
