/**
 * What a command prints: progress bars, tables, units, JSON. Knows terminals and nothing about
 * training; depends on {@code base}, the JDK and Gson only.
 *
 * <p>Start at {@link engine.console.Terminal}, which decides whether lines can be redrawn,
 * coloured, and how wide they may be, and at {@link engine.console.Printer}, which keeps what is
 * printed clean.
 */
package engine.console;
