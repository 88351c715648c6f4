/**
 * What a run prints: progress bars, tables, units. Knows terminals and nothing about training.
 *
 * <p>{@code cli}, {@code train} and {@code report} may depend on it; it depends on the JDK only.
 *
 * <p>Start at {@link engine.report.console.Terminal}, which decides whether lines can be redrawn,
 * coloured, and how wide they may be.
 */
package engine.report.console;
