/**
 * Judging: the answers of one network, or of several that vote, over held-out pictures, as figures
 * and as the evidence behind them.
 *
 * <p>Start with {@link engine.eval.Evaluator}; what the figures mean is in {@code metrics}, how
 * they are drawn in {@code report}.
 */
package engine.eval;
