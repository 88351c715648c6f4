/**
 * What a run prints: progress bars, tables, units, JSON. Knows terminals and nothing about
 * training.
 *
 * <p>{@code cli}, {@code train} and {@code report} may depend on it; it depends on the JDK and Gson
 * only.
 *
 * <p>Start at {@link engine.report.console.Terminal}, which decides whether lines can be redrawn,
 * coloured, and how wide they may be, and at {@link engine.report.console.Printer}, which keeps
 * what is printed clean.
 */
package engine.report.console;
